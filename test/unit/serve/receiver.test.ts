import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { exportRequest, newTrace } from '../../support/otlp.ts';
import { call, framed, http2, startTestServing, type TestServing } from '../../support/serving.ts';

const TYPE = { 'content-type': 'application/x-protobuf' };

async function post(
  serving: TestServing,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = TYPE,
): Promise<Response> {
  return fetch(`${serving.otlpURL}/v1/traces`, { method: 'POST', headers, body });
}

const isKept = async ({ queryURL }: TestServing, trace: string): Promise<boolean> =>
  (await fetch(`${queryURL}/api/v3/traces/${trace}`)).status === 200;

/** Whatever happened before: a span is taken and can be looked up. */
async function stillServes(serving: TestServing): Promise<void> {
  const trace = newTrace();
  const response = await post(serving, new Uint8Array(exportRequest([{ trace }])));
  assert.equal(response.status, 200);
  assert.ok(await isKept(serving, trace));
}

suite('on one port', () => {
  test("gRPC is received, from OpenTelemetry's exporter", async (t) => {
    const serving = await startTestServing(t);
    for (const compression of ['none', 'gzip']) {
      const exporter = new OTLPTraceExporter({ url: serving.otlpURL, compression: compression as never });
      const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
      const span = provider.getTracer('test').startSpan('hello');
      span.end();
      await provider.shutdown();
      assert.ok(await isKept(serving, span.spanContext().traceId), compression);
    }
    assert.equal(serving.counts.storedSpans, 2);
  });

  test('HTTP is received: protobuf and JSON, plain and in gzip', async (t) => {
    const serving = await startTestServing(t);
    const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
    for (const headers of [TYPE, JSON_TYPE]) {
      for (const encoding of ['identity', 'gzip']) {
        const trace = newTrace();
        const span = { traceId: trace, spanId: 'b7ad6b7169203331', startTimeUnixNano: '1', endTimeUnixNano: 2 };
        const document = { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
        const plain = headers === TYPE ? exportRequest([{ trace }]) : Buffer.from(JSON.stringify(document));
        const body = new Uint8Array(encoding === 'gzip' ? gzipSync(plain) : plain);
        const response = await post(serving, body, { ...headers, 'content-encoding': encoding });
        assert.equal(response.status, 200);
        assert.equal(await response.text(), headers === TYPE ? '' : '{}');
        assert.ok(await isKept(serving, trace));
      }
    }
  });

  test('an empty request is accepted, as in the specification', async (t) => {
    const serving = await startTestServing(t);
    assert.equal((await post(serving, '')).status, 200);
    assert.equal((await call(http2(t, serving.otlpURL), framed(Buffer.alloc(0)))).code, 0);
  });
});

suite('the first bytes of a connection may arrive in pieces', () => {
  const is404 = (bytes: Buffer): boolean => bytes.toString().startsWith('HTTP/1.1 404 ');
  const pieces: readonly (readonly [first: string, rest: string, isAnswer: (bytes: Buffer) => boolean])[] = [
    ['P', 'OST /nowhere HTTP/1.1\r\nhost: localhost\r\n\r\n', is404],
    ['POST /nowhere HTTP/1.1\r\n', 'host: localhost\r\n\r\n', is404],
    // The answer begins with a SETTINGS frame: its length in three bytes, then its type, 4.
    ['PR', 'I * HTTP/2.0\r\n\r\nSM\r\n\r\n', (bytes) => bytes[3] === 4],
  ];
  for (const [first, rest, isAnswer] of pieces) {
    test(`${JSON.stringify(first)} first`, async (t) => {
      const serving = await startTestServing(t);
      const [, port = ''] = serving.otlp[0]!.split(':');
      const socket = connect(Number(port), '127.0.0.1');
      t.after(() => socket.destroy());
      await once(socket, 'connect');
      socket.write(first);
      // Others are served while it is not known yet what this will be.
      await stillServes(serving);
      socket.write(rest);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      assert.ok(isAnswer(answer), answer.toString('latin1'));
    });
  }
});

suite('spans that cannot be stored are rejected with a reason', () => {
  test('malformed protobuf and JSON, and an incomplete frame', async (t) => {
    const serving = await startTestServing(t);
    const session = http2(t, serving.otlpURL);
    const whole = exportRequest([{ trace: newTrace() }]);
    const cut = whole.subarray(0, -1);
    assert.equal((await post(serving, new Uint8Array(cut))).status, 400);
    assert.equal((await post(serving, '{"resourceSpans":', { 'content-type': 'application/json' })).status, 400);
    assert.equal((await post(serving, 'no gzip', { ...TYPE, 'content-encoding': 'gzip' })).status, 400);
    assert.equal((await call(session, framed(cut))).code, 3);
    assert.equal((await call(session, framed(whole).subarray(0, -1))).code, 3);
    assert.equal((await call(session, Buffer.alloc(3))).code, 3);
    assert.equal(serving.counts.refused, 6);
    assert.equal(serving.counts.storedSpans, 0);
    await stillServes(serving);
  });

  test('spans that could never be found are counted in the response; the others are stored', async (t) => {
    const serving = await startTestServing(t);
    const [trace, none] = [newTrace(), '0'.repeat(32)];
    const spans = exportRequest([{ trace }, { trace: none }, { trace, start: 2n ** 63n }]);
    const response = await post(serving, new Uint8Array(spans));
    assert.equal(response.status, 200);
    assert.match(await response.text(), /2 spans have no valid ID or time/);
    const { code, body } = await call(http2(t, serving.otlpURL), framed(spans));
    assert.equal(code, 0);
    // ExportTracePartialSuccess.rejected_spans
    assert.deepEqual([...body.subarray(0, 1), ...body.subarray(2, 4)], [0x0a, 0x08, 2]);
    assert.ok(await isKept(serving, trace));
    assert.equal(serving.counts.rejectedSpans, 4);
  });

  test('another path, method, type or compression', async (t) => {
    const serving = await startTestServing(t);
    const { otlpURL } = serving;
    assert.equal((await fetch(`${otlpURL}/v1/metrics`, { method: 'POST', body: '' })).status, 404);
    assert.equal((await fetch(`${otlpURL}/v1/traces`)).status, 405);
    assert.equal((await post(serving, '', { 'content-type': 'text/plain' })).status, 415);
    assert.equal((await post(serving, 'x', { ...TYPE, 'content-encoding': 'br' })).status, 415);
    const session = http2(t, otlpURL);
    const metrics = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
    assert.equal((await call(session, framed(Buffer.alloc(0)), { ':path': metrics })).code, 12);
    const body = framed(Buffer.from('x'), true);
    assert.equal((await call(session, body, { 'grpc-encoding': 'zstd' })).code, 12);
    await stillServes(serving);
  });
});

suite('senders that send too much, too slowly or too often', () => {
  const MIB = 1024 * 1024;

  test('a body of 1 GB is rejected before or while it arrives', async (t) => {
    const serving = await startTestServing(t);
    const gigabyte = 1e9;
    const answered = async (headers: Record<string, string | number>): Promise<number | undefined> => {
      const outgoing = httpRequest(`${serving.otlpURL}/v1/traces`, {
        method: 'POST',
        headers: { ...TYPE, ...headers },
      });
      // The connection is closed behind the answer, with much of the body on its way.
      outgoing.on('error', () => undefined);
      const chunk = Buffer.alloc(MIB);
      let sent = 0;
      const write = (): void => {
        while (sent < gigabyte && !outgoing.destroyed) {
          sent += chunk.length;
          if (!outgoing.write(chunk)) return void outgoing.once('drain', write);
        }
      };
      write();
      const [response] = (await once(outgoing, 'response')) as [{ statusCode?: number; resume(): void }];
      outgoing.destroy();
      assert.ok(sent < gigabyte / 4, `${sent} bytes were taken`);
      return response.statusCode;
    };
    assert.equal(await answered({ 'content-length': gigabyte }), 413);
    assert.equal(await answered({ 'transfer-encoding': 'chunked' }), 413);
    const { code, details } = await call(http2(t, serving.otlpURL), framed(Buffer.alloc(17 * MIB)));
    assert.equal(code, 8);
    // Without RetryInfo, so that it is not sent again.
    assert.doesNotMatch(details.toString('latin1'), /RetryInfo/);
    await stillServes(serving);
  });

  test('a gzip bomb', async (t) => {
    const serving = await startTestServing(t);
    const bomb = gzipSync(Buffer.alloc(64 * MIB));
    assert.equal((await post(serving, new Uint8Array(bomb), { ...TYPE, 'content-encoding': 'gzip' })).status, 413);
    const { code } = await call(http2(t, serving.otlpURL), framed(bomb, true), { 'grpc-encoding': 'gzip' });
    assert.equal(code, 8);
    await stillServes(serving);
  });

  test('a sender that does not end its request in time, or sends nothing', async (t) => {
    const serving = await startTestServing(t, { limits: { requestMillis: 100, greetingMillis: 100 } });
    assert.equal((await call(http2(t, serving.otlpURL), undefined)).code, 4);
    const [, port = ''] = serving.otlp[0]!.split(':');
    const slow = connect(Number(port), '127.0.0.1');
    slow.write(
      'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-protobuf\r\ncontent-length: 9\r\n\r\nx',
    );
    const [answer] = (await once(slow, 'data')) as [Buffer];
    assert.match(answer.toString(), /^HTTP\/1\.1 408 /);
    const silent = connect(Number(port), '127.0.0.1');
    await once(silent, 'close');
    await stillServes(serving);
  });

  test('requests beyond the memory bound get a retry time', async (t) => {
    const serving = await startTestServing(t, { limits: { pendingBytes: 3000, retrySeconds: 7 } });
    const large = exportRequest([{ trace: newTrace(), attributes: { x: 'y'.repeat(4000) } }]);
    const response = await post(serving, new Uint8Array(large));
    assert.equal(response.status, 429);
    assert.equal(response.headers.get('retry-after'), '7');
    const { code, details } = await call(http2(t, serving.otlpURL), framed(large));
    assert.equal(code, 8);
    assert.match(details.toString('latin1'), /google\.rpc\.RetryInfo/);
    assert.equal(serving.counts.busy, 2);
    assert.match(serving.said.join('\n'), /^note: a request was refused: too many spans are waiting/m);
    // What was held for it is free again.
    await stillServes(serving);
  });

  test('10,000 silent connections block no sender', async (t) => {
    const serving = await startTestServing(t, { limits: { connections: 100 } });
    const [, port = ''] = serving.otlp[0]!.split(':');
    const busy = http2(t, serving.otlpURL);
    const before = call(busy, undefined);
    await once(busy, 'connect');
    const sockets = new Set<Socket>();
    t.after(() => {
      for (const socket of sockets) socket.destroy();
    });
    for (let round = 0; round < 20; round++) {
      const some = Array.from({ length: 500 }, () => connect(Number(port), '127.0.0.1'));
      for (const socket of some) {
        sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      }
      await Promise.all(some.map((socket) => once(socket, 'connect').catch(() => undefined)));
      if (round % 5 === 0) await stillServes(serving);
    }
    await stillServes(serving);
    // The one that has a request under way was left alone.
    assert.equal(busy.closed, false);
    void before.catch(() => undefined);
  });
});

suite('a web page cannot send spans', () => {
  const attempts: readonly (readonly [what: string, headers: Record<string, string>])[] = [
    ['by a name that it gave this machine', { host: 'rebound.example:4318' }],
    ['from elsewhere', { origin: 'http://evil.example' }],
    ['from a file', { origin: 'null' }],
    ['from another port of this machine', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }],
    ['without an origin', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['by a link', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
  ];
  for (const [what, headers] of attempts) {
    test(what, async (t) => {
      const serving = await startTestServing(t);
      const trace = newTrace();
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const outgoing = httpRequest(`${serving.otlpURL}/v1/traces`, {
          method: 'POST',
          headers: { ...TYPE, ...headers },
        });
        outgoing.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
        outgoing.end(exportRequest([{ trace }]));
      });
      assert.equal(status, 403);
      assert.ok(!(await isKept(serving, trace)));
      await stillServes(serving);
    });
  }
});

test('a body that arrives one byte at a time is accepted', async (t) => {
  const serving = await startTestServing(t, { limits: { messageBytes: 100_000 } });
  const bytes = exportRequest(Array.from({ length: 500 }, () => ({ trace: newTrace() })));
  const piece = (byte: number): Buffer => Buffer.from([0x31, 0x0d, 0x0a, byte, 0x0d, 0x0a]);
  const body = Buffer.concat([...[...bytes].map(piece), Buffer.from('0\r\n\r\n')]);
  const socket = connect(Number(new URL(serving.otlpURL).port), '127.0.0.1');
  socket.write('POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n');
  socket.write('content-type: application/x-protobuf\r\nconnection: close\r\n\r\n');
  socket.write(body);
  let answer = '';
  for await (const more of socket) answer += String(more);
  assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.equal(serving.counts.storedSpans, 500);
});
