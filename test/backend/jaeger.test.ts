import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { Lookup, SearchQuery } from '../../src/backend/backend.ts';
import { JaegerBackend } from '../../src/backend/jaeger.ts';
import { epochNanos } from '../../src/trace/time.ts';
import { serve } from '../support/http-server.ts';
import { traceID } from '../support/spans.ts';
import { fixture } from './fixture.ts';

const open = (url: string): JaegerBackend => new JaegerBackend(url, { fetch, random: (size) => randomBytes(size) });
const never = new AbortController().signal;
const shop = traceID('0af7651916cd43dd8448eb211c80319c');
const rerooted = traceID('fc42ff3805bf0a0c97328e2e54e259a3');

const query: SearchQuery = {
  service: 'apiserver',
  attributes: { 'audit-id': 'audit-rerooted' },
  from: epochNanos(1_795_475_000_000_000_000n),
  to: epochNanos(1_795_476_000_000_000_000n),
  limit: 5,
};

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const say =
  (code: number, body: string, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(body);

const page = say(200, fixture('web-page.html'), { 'content-type': 'text/html' });

/** Answers by the beginning of the path, as the first that fits. */
const routes =
  (...table: readonly (readonly [string, Answer])[]): Answer =>
  (request, response) =>
    (table.find(([path]) => request.url?.startsWith(path))?.[1] ?? page)(request, response);

async function byID(t: TestContext, answer: Answer): Promise<Lookup> {
  const { url } = await serve(t, answer);
  return open(url).byID(shop, never);
}

const pathsOf = (requests: readonly IncomingMessage[]): string[] =>
  requests.map((request) => new URL(request.url ?? '', 'http://x').pathname);

test('a trace comes from api_v3, raw, with its nanoseconds', async (t) => {
  const { url, requests } = await serve(t, say(200, fixture('shop-v3.json')));
  const lookup = await open(url).byID(shop, never);
  assert.equal(lookup.status, 'found');
  assert.equal(lookup.spans[0]?.start, 1795478400000000123n);
  assert.equal(requests[0]?.url, `/api/v3/traces/${shop}?raw_traces=true&rawTraces=true`);
});

test('where api_v3 is not served, v1 answers, and is asked first from then on', async (t) => {
  const { url, requests } = await serve(t, routes([`/api/traces/${shop}`, say(200, fixture('shop-v1.json'))]));
  const backend = open(url);
  for (let times = 0; times < 2; times++) {
    const lookup = await backend.byID(shop, never);
    assert.equal(lookup.status, 'found');
    assert.equal(lookup.spans[0]?.start, 1795478400000000000n);
  }
  assert.deepEqual(pathsOf(requests), [`/api/v3/traces/${shop}`, `/api/traces/${shop}`, `/api/traces/${shop}`]);
});

test('not there yet: 404 or empty, of either API', async (t) => {
  const v1 = (answer: Answer): Answer => routes(['/api/traces/', answer]);
  const empty = say(200, fixture('search-none-v1.json'));
  assert.deepEqual(await byID(t, say(404, fixture('missing-v3.json'))), { status: 'absent' });
  assert.deepEqual(await byID(t, say(200, fixture('search-none-v3.json'))), { status: 'absent' });
  assert.deepEqual(await byID(t, v1(say(404, fixture('missing-v1.json')))), { status: 'absent' });
  assert.deepEqual(await byID(t, v1(empty)), { status: 'absent' });
});

test('a search goes to v1, with its attributes as tags', async (t) => {
  const { url, requests } = await serve(t, say(200, fixture('search-audit-id-v1.json')));
  const lookup = await open(url).search({ ...query, operation: 'GET /api/v1/nodes' }, never);
  assert.equal(lookup.status, 'found');
  assert.equal(lookup.spans.length, 11);
  const sent = new URL(requests[0]?.url ?? '', url);
  assert.equal(sent.pathname, '/api/traces');
  assert.deepEqual(Object.fromEntries(sent.searchParams), {
    service: 'apiserver',
    operation: 'GET /api/v1/nodes',
    tags: '{"audit-id":"audit-rerooted"}',
    start: '1795475000000000',
    end: '1795476000000000',
    limit: '5',
    raw: 'true',
  });
});

test('where v1 has no search any more, api_v3 does it; what does not match is left out', async (t) => {
  const v3 = say(200, fixture('create-kept-v3.json'));
  const { url, requests } = await serve(t, routes(['/api/v3/traces?', v3]));
  const backend = open(url);
  assert.deepEqual(await backend.search(query, never), { status: 'absent' });
  const kept = await backend.search({ ...query, attributes: { 'audit-id': 'audit-kept' } }, never);
  assert.equal(kept.status, 'found');
  assert.deepEqual(pathsOf(requests), ['/api/traces', '/api/v3/traces', '/api/v3/traces']);
  const sent = new URL(requests[2]?.url ?? '', url).searchParams;
  for (const name of ['query.service_name', 'query.serviceName']) assert.equal(sent.get(name), 'apiserver');
  assert.equal(sent.get('query.startTimeMin'), '2026-11-23T23:03:20.000000000Z');
  assert.equal(sent.get('query.attributes'), '{"audit-id":"audit-kept"}');
  for (const name of ['query.num_traces', 'query.searchDepth']) assert.equal(sent.get(name), '5');
});

test('a search is checked: attributes, operation and service on one span', async (t) => {
  const { url } = await serve(t, say(200, fixture('search-audit-id-v1.json')));
  const backend = open(url);
  const search = async (parts: Partial<SearchQuery>): Promise<string> =>
    (await backend.search({ ...query, ...parts }, never)).status;
  assert.equal(await search({}), 'found');
  assert.equal(await search({ service: 'etcd' }), 'absent');
  assert.equal(await search({ operation: 'List' }), 'found');
  assert.equal(await search({ operation: 'audit' }), 'absent');
  assert.equal(await search({ attributes: { 'http.response.status_code': '200' } }), 'found');
  assert.equal(await search({ attributes: { 'audit-id': 'audit' } }), 'absent');
});

test('a trace of another ID is not the answer', async (t) => {
  const { url } = await serve(t, say(200, fixture('create-kept-v3.json')));
  assert.deepEqual(await open(url).byID(rerooted, never), { status: 'absent' });
});

test('every poll has a traceparent of its own that is not sampled, and no credentials', async (t) => {
  const { url, requests } = await serve(t, say(404, fixture('missing-v3.json')));
  const backend = open(url);
  await backend.byID(shop, never);
  await backend.byID(shop, never);
  const sent = requests.map(({ headers }) => headers['traceparent'] as string);
  for (const header of sent) assert.match(header, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  assert.notEqual(sent[0], sent[1]);
  assert.equal(requests[0]?.headers.authorization, undefined);
});

test('a base path is part of every address', async (t) => {
  const { url, requests } = await serve(t, say(404, fixture('missing-v3.json')));
  const backend = open(`${url}/jaeger/ui`);
  await backend.byID(shop, never);
  assert.deepEqual(pathsOf(requests), [`/jaeger/ui/api/v3/traces/${shop}`]);
  assert.equal(backend.traceURL(shop), `${url}/jaeger/ui/trace/${shop}`);
});

const tempo = routes(['/api/v3/', say(404, '404 page not found\n')], ['/api/traces/', say(200, '{"batches":[]}')]);

const failures: readonly (readonly [string, Answer, string, RegExp])[] = [
  ['a web page', page, 'BackendAnsweredHTML', /\/jaeger or .*\/jaeger\/ui/],
  ['Tempo', tempo, 'BackendIsNotJaeger', /16686/],
  ['an empty 404', say(404, ''), 'BackendIsNotJaeger', /\/jaeger/],
  ['Go’s own 404', say(404, '404 page not found\n'), 'BackendIsNotJaeger', /16686/],
  ['Zipkin', say(200, '[[{"traceId":"1","id":"1"}]]'), 'BackendIsNotJaeger', /16686/],
  ['Kubernetes', say(404, '{"kind":"Status","apiVersion":"v1","code":404}'), 'BackendIsNotJaeger', /16686/],
  ['Prometheus', say(400, '{"status":"error","errorType":"bad_data"}'), 'BackendIsNotJaeger', /16686/],
  ['401', say(401, '{"kind":"Status"}'), 'BackendUnauthorized', /credentials/],
  ['403', say(403, '<html>'), 'BackendForbidden', /credentials/],
];
for (const [name, answer, reason, hint] of failures) {
  test(`asking again is no use: ${name}`, async (t) => {
    const lookup = await byID(t, answer);
    assert.equal(lookup.status, 'failed');
    assert.equal(lookup.reason, reason);
    assert.match(lookup.hint ?? '', hint);
  });
}

test('who answers instead of Jaeger is named', async (t) => {
  const message = async (body: string): Promise<string> => {
    const lookup = await byID(t, say(404, body));
    return lookup.status === 'failed' ? lookup.message : lookup.status;
  };
  assert.match(await message('{"kind":"Status","apiVersion":"v1","code":404}'), /a Kubernetes API server does/);
  assert.match(await message('[]'), /Zipkin does/);
  assert.match(await message('{"traces":[],"metrics":{}}'), /Grafana Tempo does/);
});

test('a refused question is told in Jaeger’s words', async (t) => {
  const { url } = await serve(t, say(400, fixture('no-service-v1.json')));
  assert.deepEqual(await open(url).search(query, never), {
    status: 'failed',
    reason: 'BackendRefusedQuery',
    message: "Jaeger answered 400: parameter 'service' is required",
  });
});

test('a redirect is not followed, and its query not repeated', async (t) => {
  const other = await serve(t, say(200, fixture('shop-v3.json')));
  const lookup = await byID(t, say(302, '', { location: `${other.url}/login?state=secret` }));
  assert.equal(lookup.status, 'failed');
  assert.equal(lookup.reason, 'BackendRedirects');
  assert.match(lookup.message, new RegExp(`to ${other.url}/login,`));
  assert.doesNotMatch(JSON.stringify(lookup), /secret/);
  assert.deepEqual(other.requests, []);
});

for (const code of [408, 429, 500, 502, 503, 504]) {
  test(`asking later may help: ${code}`, async (t) => {
    const lookup = await byID(t, say(code, '<html>'));
    assert.equal(lookup.status, 'unavailable');
    assert.match(lookup.message, new RegExp(` answered ${code} `));
    assert.ok(!('retryAfterMillis' in lookup));
  });
}

test('Retry-After in seconds and as a date', async (t) => {
  const retryAfter = async (headers: Record<string, string>): Promise<unknown> => {
    const lookup = await byID(t, say(429, '', headers));
    return lookup.status === 'unavailable' ? lookup.retryAfterMillis : lookup.status;
  };
  const date = 'Mon, 23 Nov 2026 08:00:00 GMT';
  assert.equal(await retryAfter({ 'retry-after': '3' }), 3000);
  assert.equal(await retryAfter({ date, 'retry-after': 'Mon, 23 Nov 2026 08:00:07 GMT' }), 7000);
  assert.equal(await retryAfter({ date, 'retry-after': 'Mon, 23 Nov 2026 07:00:00 GMT' }), 0);
  assert.equal(await retryAfter({ 'retry-after': 'soon' }), undefined);
});

test('an answer that was cut off may be whole next time', async (t) => {
  const lookup = await byID(t, say(200, fixture('shop-v3.json').slice(0, 900)));
  assert.deepEqual(lookup, { status: 'unavailable', message: 'the answer was cut off' });
});

test('a connection that breaks within the body', async (t) => {
  const lookup = await byID(t, (_request, response) => {
    response.writeHead(200, { 'content-length': '5000' });
    response.write('{"result":', () => response.destroy());
  });
  assert.equal(lookup.status, 'unavailable');
  assert.match(lookup.message, /connection (closed|reset)$/);
});

test('nobody listens', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as { port: number };
  await new Promise((resolve) => closed.close(resolve));
  const url = `http://127.0.0.1:${port}`;
  assert.deepEqual(await open(url).byID(shop, never), { status: 'unavailable', message: `${url}: connection refused` });
});

test('something that does not speak HTTP', async (t) => {
  const server = createServer((socket) => socket.end(Buffer.from('\0\0\x06\x04\0\0\0\0\0\0\x05\0\0@\0')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  const lookup = await open(`http://127.0.0.1:${port}`).byID(shop, never);
  assert.equal(lookup.status, 'failed');
  assert.equal(lookup.reason, 'BackendSpeaksNoHTTP');
});

test('https to a server that does not speak TLS', async (t) => {
  const { url } = await serve(t, page);
  const lookup = await open(url.replace('http:', 'https:')).byID(shop, never);
  assert.equal(lookup.status, 'failed');
  assert.equal(lookup.reason, 'BackendSpeaksNoTLS');
  assert.equal(lookup.hint, 'try http://');
});

test('one signal covers headers and body', async (t) => {
  const control = new AbortController();
  const headersOnly = await serve(t, (_request, response) => {
    response.writeHead(200);
    response.write('{', () => control.abort());
  });
  const lookup = await open(headersOnly.url).byID(shop, control.signal);
  assert.equal(lookup.status, 'unavailable');
});

test('malformed spans are counted, and are an error when there is nothing else', async (t) => {
  const whole = JSON.parse(fixture('shop-v3.json')) as {
    result: { resourceSpans: { scopeSpans: { spans: { spanId: string }[] }[] }[] };
  };
  const spans = whole.result.resourceSpans[0]!.scopeSpans[0]!.spans;
  spans[0]!.spanId = 'none';
  const some = await byID(t, say(200, JSON.stringify(whole)));
  assert.equal(some.status === 'found' ? some.dropped : some.status, 1);
  for (const one of spans) one.spanId = 'none';
  const none = await byID(t, say(200, JSON.stringify(whole)));
  assert.equal(none.status === 'failed' ? none.reason : none.status, 'BackendAnswerMalformed');
});
