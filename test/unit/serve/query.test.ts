import assert from 'node:assert/strict';
import { get } from 'node:http';
import { after, before, suite, test } from 'node:test';
import type { Lookup } from '../../../src/backend/backend.ts';
import { JaegerBackend } from '../../../src/backend/kinds/jaeger/jaeger.ts';
import { decodeJaeger } from '../../../src/codec/jaeger/jaeger.ts';
import { decodeOTLP } from '../../../src/codec/otlp/json.ts';
import { decodeOTLPProtobuf } from '../../../src/codec/otlp/protobuf.ts';
import { parseTraceID } from '../../../src/trace/ids.ts';
import { epochNanos } from '../../../src/trace/time.ts';
import { exportRequest, newTrace } from '../../support/otlp.ts';
import { startTestServing, type TestServing } from '../../support/serving.ts';

const trace = '00000000000000000af7651916cd43dd';
const start = 1_795_478_400_000_000_123n;
const request = exportRequest([
  {
    trace,
    span: 'b7ad6b7169203331',
    start,
    attributes: { 'audit-id': 'a-1', big: 2n ** 63n - 1n, code: 200n, cached: true },
    failed: true,
  },
  { trace, span: '00f067aa0ba902b7', parent: 'b7ad6b7169203331', name: 'etcd', kind: 3, start: start + 1000n },
]);
const expected = decodeOTLPProtobuf(request)!.spans;

let serving: TestServing;
let end: () => Promise<void>;
before(async () => {
  serving = await startTestServing({ after: (ending) => (end = ending) });
  const headers = { 'content-type': 'application/x-protobuf' };
  await fetch(`${serving.otlpURL}/v1/traces`, { method: 'POST', headers, body: new Uint8Array(request) });
});
after(() => end());

const ask = async (path: string): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(`${serving.queryURL}${path}`);
  assert.equal(response.headers.get('content-type'), 'application/json');
  return { status: response.status, body: await response.json() };
};

const window = { from: epochNanos(start - 10n ** 9n), to: epochNanos(start + 10n ** 9n), limit: 10 };

suite("our own client of Jaeger's API reads", () => {
  const options = { fetch: globalThis.fetch, random: (size: number) => new Uint8Array(size).fill(1) };
  const signal = new AbortController().signal;
  const spansOf = (lookup: Lookup): unknown => (lookup.status === 'found' ? lookup.spans : lookup);

  test('a trace by its ID, as it was sent', async () => {
    const backend = new JaegerBackend(serving.queryURL, options);
    assert.deepEqual(spansOf(await backend.byID(parseTraceID(trace)!, signal)), expected);
    assert.deepEqual(await backend.byID(parseTraceID(newTrace())!, signal), { status: 'absent' });
  });

  test('a trace by an attribute, in microseconds', async () => {
    const backend = new JaegerBackend(serving.queryURL, options);
    const found = await backend.search({ ...window, service: 'shop', attributes: { 'audit-id': 'a-1' } }, signal);
    assert.ok(found.status === 'found');
    assert.deepEqual(
      found.spans,
      expected.map((span) => ({
        ...span,
        start: (span.start / 1000n) * 1000n,
        end: (span.start / 1000n) * 1000n + 1_000_000n,
      })),
    );
    const none = await backend.search({ ...window, service: 'shop', attributes: { 'audit-id': 'a-2' } }, signal);
    assert.deepEqual(none, { status: 'absent' });
  });
});

suite('/api', () => {
  test('lists services and operations', async () => {
    const list = (data: unknown[]) => ({ data, total: data.length, limit: 0, offset: 0, errors: null });
    assert.deepEqual((await ask('/api/services')).body, list(['shop']));
    assert.deepEqual((await ask('/api/services/shop/operations')).body, list(['GET /cart', 'etcd']));
    const operations = [
      { name: 'GET /cart', spanKind: 'server' },
      { name: 'etcd', spanKind: 'client' },
    ];
    assert.deepEqual((await ask('/api/operations?service=shop')).body, list(operations));
    assert.deepEqual((await ask('/api/operations?service=shop&spanKind=client')).body, list(operations.slice(1)));
    assert.deepEqual((await ask('/api/services/nobody/operations')).body, list([]));
  });

  test('has a trace as Jaeger writes it', async () => {
    const { status, body } = await ask(`/api/traces/${trace}`);
    assert.equal(status, 200);
    const [document] = (body as { data: { spans: object[]; processes: object }[] }).data;
    assert.deepEqual(document?.processes, { p1: { serviceName: 'shop', tags: [] } });
    assert.deepEqual(document?.spans[0], {
      traceID: trace,
      spanID: 'b7ad6b7169203331',
      operationName: 'GET /cart',
      references: [],
      startTime: 1_795_478_400_000_000,
      duration: 1000,
      tags: [
        { key: 'audit-id', type: 'string', value: 'a-1' },
        { key: 'big', type: 'int64', value: '9223372036854775807' },
        { key: 'code', type: 'int64', value: 200 },
        { key: 'cached', type: 'bool', value: true },
        { key: 'span.kind', type: 'string', value: 'server' },
        { key: 'otel.status_code', type: 'string', value: 'ERROR' },
        { key: 'error', type: 'bool', value: true },
        { key: 'otel.scope.name', type: 'string', value: 'test' },
        { key: 'otel.scope.version', type: 'string', value: '1.0' },
      ],
      logs: [],
      processID: 'p1',
      warnings: null,
    });
    assert.equal(decodeJaeger(body)?.spans.length, 2);
    // 64-bit IDs in their short form, and in upper case.
    assert.deepEqual((await ask('/api/traces/af7651916cd43dd')).body, body);
    assert.deepEqual((await ask('/api/traces/0AF7651916CD43DD')).body, body);
    assert.deepEqual((await ask(`/api/traces?traceID=${trace}&traceID=${newTrace()}`)).body, body);
  });

  const micros = start / 1000n;
  const searches: readonly (readonly [string, number])[] = [
    ['service=shop', 1],
    ['service=shop&lookback=1h', 0],
    [`service=shop&start=${micros}&end=${micros + 1n}`, 1],
    [`service=shop&start=${micros + 10n}&end=${micros + 20n}`, 0],
    ['service=shop&operation=etcd', 1],
    ['service=shop&operation=nothing', 0],
    [`service=shop&tags=${encodeURIComponent('{"error":"true","code":"200"}')}`, 1],
    ['service=shop&tag=audit-id:a-1', 1],
    ['service=shop&minDuration=2ms', 0],
    ['service=shop&minDuration=1ms&maxDuration=1.5ms&limit=20', 1],
    ['service=nobody', 0],
  ];
  for (const [query, count] of searches) {
    test(`finds ${count} with ${query}`, async () => {
      // Until a minute after the trace, whatever the clock says today.
      const until = query.includes('end=') ? '' : `&end=${micros + 60_000_000n}`;
      const past = query.includes('lookback') ? `&end=${micros + 7_200_000_000n}` : until;
      const { status, body } = await ask(`/api/traces?${query}${past}`);
      assert.equal(status, 200);
      assert.equal((body as { data: unknown[] }).data.length, count);
    });
  }

  const refused: readonly (readonly [string, number, RegExp])[] = [
    [`/api/traces/${newTrace()}`, 404, /^trace not found$/],
    ['/api/traces/zz', 400, /"zz" is not a trace ID/],
    ['/api/traces', 400, /^parameter 'service' is required$/],
    ['/api/traces?service=shop&tags=x', 400, /^malformed 'tags' parameter/],
    ['/api/traces?service=shop&tag=x', 400, /^malformed 'tag' parameter/],
    ['/api/traces?service=shop&minDuration=1', 400, /not a duration/],
    ['/api/traces?service=shop&limit=x', 400, /not a number of traces/],
    ['/api/traces?service=shop&start=x', 400, /microseconds/],
    ['/api/dependencies', 404, /not served here/],
    ['/api/services/%/operations', 400, /malformed/],
  ];
  for (const [path, code, message] of refused) {
    test(`refuses ${path}`, async () => {
      const { status, body } = await ask(path);
      assert.equal(status, code);
      const [error] = (body as { errors: { code: number; msg: string }[] }).errors;
      assert.equal(error?.code, code);
      assert.match(error?.msg ?? '', message);
    });
  }
});

suite('/api/v3', () => {
  test('has a trace as OTLP, without any loss', async () => {
    const { body } = await ask(`/api/v3/traces/${trace}`);
    assert.deepEqual(decodeOTLP(JSON.stringify(body)), { spans: expected, dropped: 0 });
  });

  for (const spelling of [
    'query.service_name=shop&query.start_time_min=FROM&query.start_time_max=TO&query.num_traces=5',
    'query.serviceName=shop&query.startTimeMin=FROM&query.startTimeMax=TO&query.searchDepth=5&query.attributes=%7B%22audit-id%22%3A%22a-1%22%7D',
  ]) {
    test(`finds with ${spelling.slice(0, 18)}…`, async () => {
      const at = (text: string, minutes: number): string =>
        text.replace(
          minutes < 0 ? 'FROM' : 'TO',
          new Date(Number(start / 1_000_000n) + minutes * 60_000).toISOString(),
        );
      const { status, body } = await ask(`/api/v3/traces?${at(at(spelling, -1), 1)}`);
      assert.equal(status, 200);
      assert.equal(decodeOTLP(JSON.stringify(body))?.spans.length, 2);
    });
  }

  test('lists services and operations', async () => {
    assert.deepEqual((await ask('/api/v3/services')).body, { services: ['shop'] });
    const operations = [{ name: 'etcd', spanKind: 'client' }];
    assert.deepEqual((await ask('/api/v3/operations?service=shop&span_kind=client')).body, { operations });
  });

  test('refuses as Jaeger does', async () => {
    const { status, body } = await ask(`/api/v3/traces/${newTrace()}`);
    assert.deepEqual([status, body], [404, { error: { httpCode: 404, message: 'trace not found' } }]);
    assert.equal((await ask('/api/v3/traces?query.service_name=shop')).status, 400);
    const [from, to] = ['2020-01-01T00:00:00Z', '2020-01-01T00:00:01.5+01:00'];
    const empty = `query.service_name=shop&query.start_time_min=${from}&query.start_time_max=${encodeURIComponent(to)}`;
    assert.equal((await ask(`/api/v3/traces?${empty}`)).status, 404);
  });
});

test('a host name that a web page gave this machine is rejected', async () => {
  const status = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      get(`${serving.queryURL}/api/services`, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
  assert.equal(await status('rebound.example:16686'), 403);
  for (const host of ['localhost:16686', '127.0.0.1', '[::1]:16686', 'jaeger.localhost']) {
    assert.equal(await status(host), 200, host);
  }
});

test('a request from a web page of another origin is rejected, unless a link is followed', async () => {
  const status = async (headers: Record<string, string>): Promise<number> => {
    const response = await fetch(`${serving.queryURL}/api/services`, { headers });
    await response.arrayBuffer();
    return response.status;
  };
  assert.equal(await status({ origin: 'http://evil.example' }), 403);
  assert.equal(await status({ origin: 'null' }), 403);
  assert.equal(await status({ origin: serving.queryURL }), 200);
  assert.equal(await statusFromBrowser('cross-site', 'no-cors'), 403);
  assert.equal(await statusFromBrowser('same-site', 'cors'), 403);
  assert.equal(await statusFromBrowser('same-origin', 'cors'), 200);
  assert.equal(await statusFromBrowser('cross-site', 'navigate'), 200);
  assert.equal(await statusFromBrowser('none', 'navigate'), 200);
  for (const dest of ['iframe', 'frame', 'object', 'embed']) {
    assert.equal(await statusFromBrowser('cross-site', 'navigate', dest), 403, dest);
  }
});

/** `fetch` lets no program set what a browser says of a request. */
function statusFromBrowser(site: string, mode: string, dest?: string): Promise<number | undefined> {
  const to = dest ?? (mode === 'navigate' ? 'document' : 'empty');
  const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': to };
  return new Promise((resolve, reject) => {
    get(`${serving.queryURL}/api/services`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}

test('a client that is no browser gets a description of serve, and a trace as text', async () => {
  const page = async (path: string): Promise<string> => {
    const response = await fetch(`${serving.queryURL}${path}`);
    // Names of spans are never a web page.
    assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    return response.text();
  };
  assert.match(await page('/'), /kubectl trace show TRACE_ID/);
  assert.equal(await page(`/trace/${trace}`), `${trace}: 2 spans`);
  assert.match(await page(`/trace/${newTrace()}`), /^There is no trace/);
});

test('a browser gets a trace as a page that nothing may frame, hold or store', async () => {
  const headers = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
  const response = await fetch(`${serving.queryURL}/trace/${trace}`, { headers });
  assert.equal(await response.text(), `<p>${trace}</p>`);
  assert.deepEqual(
    Object.fromEntries(
      [...response.headers].filter(
        ([name]) => !/^(connection|date|keep-alive|content-length|transfer-encoding)$/.test(name),
      ),
    ),
    {
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'`,
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      vary: 'accept',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    },
  );
  const none = await fetch(`${serving.queryURL}/trace/${newTrace()}`, { headers });
  assert.deepEqual([none.status, none.headers.get('content-type')], [404, 'text/plain; charset=utf-8']);
});
