import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { JaegerBackend } from '../../../../../src/backend/kinds/jaeger/jaeger.ts';
import { serve } from '../../../../support/http-server.ts';
import { fixture } from '../../fixture.ts';
import { byID, never, open, page, query, routes, say, shop, type BackendResponse } from '../../jaeger-server.ts';

const tempo = routes(['/api/v3/', say(404, '404 page not found\n')], ['/api/traces/', say(200, '{"batches":[]}')]);

const failures: readonly (readonly [string, BackendResponse, string, RegExp])[] = [
  ['a web page', page, 'BackendAnsweredHTML', /\/jaeger or .*\/jaeger\/ui/],
  ['Tempo', tempo, 'BackendIsNotJaeger', /--backend tempo=http/],
  ['an empty 404', say(404, ''), 'BackendIsNotJaeger', /\/jaeger/],
  ['Go’s own 404', say(404, '404 page not found\n'), 'BackendIsNotJaeger', /16686/],
  ['Zipkin', say(200, '[[{"traceId":"1","id":"1"}]]'), 'BackendIsNotJaeger', /--backend zipkin=http/],
  ['Kubernetes', say(404, '{"kind":"Status","apiVersion":"v1","code":404}'), 'BackendIsNotJaeger', /16686/],
  ['Prometheus', say(400, '{"status":"error","errorType":"bad_data"}'), 'BackendIsNotJaeger', /16686/],
  ['401', say(401, '{"kind":"Status"}'), 'BackendUnauthorized', /credentials/],
  ['403', say(403, '<html>'), 'BackendForbidden', /credentials/],
];
for (const [name, answer, reason, hint] of failures) {
  test(`a retry does not help: ${name}`, async (t) => {
    const lookup = await byID(t, answer);
    assert.equal(lookup.status, 'failed');
    assert.equal(lookup.reason, reason);
    assert.match(lookup.hint ?? '', hint);
  });
}

test('the server that responds instead of Jaeger is named', async (t) => {
  const message = async (body: string): Promise<string> => {
    const lookup = await byID(t, say(404, body));
    return lookup.status === 'failed' ? lookup.message : lookup.status;
  };
  assert.match(await message('{"kind":"Status","apiVersion":"v1","code":404}'), /a Kubernetes API server does/);
  assert.match(await message('[]'), /Zipkin does/);
  assert.match(await message('{"traces":[],"metrics":{}}'), /Grafana Tempo does/);
});

test("a rejected query is reported in Jaeger's words", async (t) => {
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
  test(`a later request may help: ${code}`, async (t) => {
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

test('a truncated response may be complete next time', async (t) => {
  const lookup = await byID(t, say(200, fixture('shop-v3.json').slice(0, 900)));
  assert.deepEqual(lookup, { status: 'unavailable', message: 'the response was cut off' });
});

test('a connection that breaks within the body', async (t) => {
  const lookup = await byID(t, (_request, response) => {
    response.writeHead(200, { 'content-length': '5000' });
    response.write('{"result":', () => response.destroy());
  });
  assert.equal(lookup.status, 'unavailable');
  assert.match(lookup.message, /connection (closed|reset)$/);
  assert.doesNotMatch(lookup.message, /cannot connect/);
  assert.equal(lookup.unconnected, undefined);
});

test('no server listens at Jaeger’s address', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as { port: number };
  await new Promise((resolve) => closed.close(resolve));
  const url = `http://127.0.0.1:${port}`;
  const lookup = await open(url).byID(shop, never);
  assert.deepEqual(lookup, {
    status: 'unavailable',
    unconnected: true,
    message: `cannot connect to ${url}: connection refused`,
    hint: 'is the trace backend running, and does it listen at this address?',
  });
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
  assert.match(lookup.message, /^cannot connect to https:.*: the server does not speak TLS$/);
  assert.equal(lookup.hint, `try ${url}`);
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

test('a response that is too large is not read completely', async (t) => {
  const { url } = await serve(t, (_request, response) => {
    const more = (): void => void (response.destroyed || response.write(' '.repeat(1000), () => setImmediate(more)));
    more();
  });
  const backend = new JaegerBackend(url, {
    fetch,
    random: (size) => new Uint8Array(size).fill(1),
    largestBody: 100_000,
  });
  const lookup = await backend.byID(shop, never);
  assert.equal(lookup.status, 'failed');
  assert.equal(lookup.reason, 'BackendAnswerTooLarge');
});
