import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { suite, test, type TestContext } from 'node:test';
import { createGzip } from 'node:zlib';
import { bomb, holds, MIB, run, type Ended } from '../support/bounded-run.ts';
import { family, histogram } from '../support/metrics.ts';

/** The built program, of an API server whose `/metrics` is anything. */
const PROTOBUF = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';
const FILTER = 'apiserver_request_filter_duration_seconds';
const REQUEST = 'apiserver_request_duration_seconds';

interface Context {
  readonly traceID: string;
  readonly spanID: string;
}
type Metrics = (response: ServerResponse, context: Context) => void;

/** Traces `GET /api/v1/nodes` of a server with these metrics, which the user may read. */
async function traced(t: TestContext, metrics: Metrics, ...args: readonly string[]): Promise<Ended> {
  let context: Context | undefined;
  const api = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0];
    const json = (value: unknown): void =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (path === '/metrics') metrics(response, context ?? assert.fail('the metrics came first'));
    else if (path === '/api/v1/nodes') {
      const [, traceID = '', spanID = ''] = String(request.headers['traceparent']).split('-');
      context = { traceID, spanID };
      json({ kind: 'NodeList', apiVersion: 'v1', metadata: {}, items: [] });
    } else if (path?.endsWith('/selfsubjectaccessreviews') === true) json({ status: { allowed: true } });
    else response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    api.closeAllConnections();
    api.close();
  });
  const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  return run('get', '--raw', '/api/v1/nodes', '--server', url, '--metrics=auto', ...args);
}

/** The stages of one request, with these labels beside those that the API server has. */
function stages({ traceID, spanID }: Context, more: Readonly<Record<string, string>> = {}): Buffer {
  const exemplar = (millis: number, endMillis: number) => ({
    labels: { trace_id: traceID, span_id: spanID },
    value: millis / 1000,
    seconds: Math.floor(Date.now() / 1000),
    nanos: endMillis * 1_000_000,
  });
  return Buffer.concat([
    family(FILTER, [
      histogram({ ...more, filter: `audit${more['filter'] ?? ''}` }, [exemplar(1, 11)]),
      histogram({ ...more, filter: 'authorization' }, [exemplar(1, 14)]),
    ]),
    family(REQUEST, [histogram({ verb: 'LIST', resource: 'nodes', ...more }, [exemplar(10, 20)])]),
  ]);
}

/** Families of other requests, almost as large in all. */
function padding(bytes: number): Buffer {
  const series = Array.from({ length: 2000 }, (_, index) =>
    histogram({ resource: `r${index}`, note: 'x'.repeat(400) }, []),
  );
  const one = family('apiserver_other_duration_seconds', series);
  return Buffer.concat(Array.from({ length: Math.floor(bytes / one.length) }, () => one));
}

function* endlessly(part: Buffer): Generator<Buffer> {
  for (;;) yield part;
}

const protobuf = (response: ServerResponse): ServerResponse => response.writeHead(200, { 'content-type': PROTOBUF });

suite('metrics of a hostile API server', { skip: process.platform !== 'linux' && 'memory is read from /proc' }, () => {
  test('60 MiB of them, with ours at the end: measured', async (t) => {
    const others = padding(60 * MIB);
    assert.ok(others.length > 59 * MIB);
    const ended = await traced(t, (response, context) => {
      protobuf(response);
      response.write(others);
      response.end(stages(context));
    });
    holds(ended);
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /measured: 3 stages/);
  });

  const unusable: Readonly<Record<string, readonly [Metrics, RegExp]>> = {
    'an endless one': [
      (response) => {
        Readable.from(endlessly(Buffer.alloc(MIB))).pipe(protobuf(response));
      },
      /: its response is too large$/m,
    ],
    'one that never ends, byte by byte': [
      (response) => {
        protobuf(response);
        const timer = setInterval(() => response.write('\u0001'), 200);
        response.on('close', () => clearInterval(timer));
      },
      /: it did not respond within 5 s$/m,
    ],
    'one that never begins': [() => undefined, /: it did not respond within 5 s$/m],
    'one in text': [
      (response, { traceID }) =>
        void response
          .writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
          .end(`${FILTER}_bucket{le="1"} 1 # {trace_id="${traceID}"} 1\n`),
      /: it responded with text\/plain, not in protobuf$/m,
    ],
    'one in HTML': [
      (response) =>
        void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><script>alert(1)</script></html>'),
      /: it responded with text\/html, not in protobuf$/m,
    ],
    'HTML that is said to be protobuf': [
      (response, { traceID }) => void protobuf(response).end(`<html><!-- ${traceID} --></html>`),
      /: its response is malformed or cut off$/m,
    ],
    'a redirect': [
      (response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
      /: it responded with status 302$/m,
    ],
    'a content type with escape sequences': [
      (response) => {
        response.socket?.end('HTTP/1.1 200 OK\r\ncontent-type: a\u009b31m\u00ff/b\r\ncontent-length: 0\r\n\r\n');
      },
      /: it responded with /m,
    ],
  };
  for (const [title, [metrics, reason]] of Object.entries(unusable)) {
    test(`${title}: the client's picture, with the reason`, async (t) => {
      const ended = await traced(t, metrics);
      holds(ended);
      assert.equal(ended.code, 5, ended.stderr);
      assert.match(ended.stderr, reason);
      assert.match(ended.stdout, /GET \/api\/v1\/nodes {2}200/);
      assertPlain(ended);
    });
  }

  test('cut off anywhere: the reason', async (t) => {
    for (const share of [0.1, 0.5, 0.9]) {
      const ended = await traced(t, (response, context) => {
        const body = stages(context);
        protobuf(response).end(body.subarray(0, Math.floor(body.length * share)));
      });
      holds(ended);
      assert.equal(ended.code, 5, ended.stderr);
      assert.match(ended.stderr, /: its response is malformed or cut off$/m);
    }
  });

  test('1 GiB of them in gzip: too large', async (t) => {
    const body = await bomb(createGzip({ level: 1 }), ['', '\0', ''], 1024 * MIB);
    const ended = await traced(t, (response) => {
      response.writeHead(200, { 'content-type': PROTOBUF, 'content-encoding': 'gzip' }).end(body);
    });
    holds(ended);
    assert.equal(ended.code, 5, ended.stderr);
    assert.match(ended.stderr, /: its response is too large$/m);
  });

  for (const output of ['tree', 'wide', 'summary', 'markdown']) {
    test(`labels with escape sequences: none is printed, as ${output}`, async (t) => {
      const evil = '\u001b]0;owned\u0007\u001b[2J\u009b31m\r\n\u202e<b>';
      const hostile = { filter: evil, [`label${evil}`]: evil, __proto__x: evil };
      const ended = await traced(
        t,
        (response, context) => {
          protobuf(response).end(stages(context, hostile));
        },
        '-o',
        output,
      );
      holds(ended);
      assert.equal(ended.code, 0, ended.stderr);
      assertPlain(ended);
    });
  }
});

/** No control characters but line feeds, and none that turn the text around. */
function assertPlain({ stdout, stderr }: Ended): void {
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
}
