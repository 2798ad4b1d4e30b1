import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { suite, test, type TestContext } from 'node:test';
import type { BackendKind } from '../../../../src/backend/backend.ts';
import { probe } from '../../../../src/backend/detect/probe.ts';
import { openBackend, openKnownBackend, type BackendOptions } from '../../../../src/backend/registry.ts';
import type { Clock } from '../../../../src/runtime.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import { serve } from '../../../support/http-server.ts';
import { fixture } from '../fixture.ts';
import { never, page, pathsOf, routes, say, shop, type BackendResponse } from '../jaeger-server.ts';

const http = { fetch, random: (size: number) => randomBytes(size) };
/** Time that does not pass, so that a slow machine changes nothing. */
const clock: Clock = {
  now: () => epochNanos(0n),
  sleep: (_millis, signal) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error))),
};
const options: BackendOptions = { ...http, clock };
const ask = (url: string): ReturnType<typeof probe> => probe(url, { optionsOf: () => http }, never);

const goes404 = say(404, '404 page not found\n');
const jaeger = say(200, '{"data":["apiserver"],"total":1,"limit":0,"offset":0,"errors":null}');
const noServices = say(200, '{"data":null,"total":0,"limit":0,"offset":0,"errors":null}');

/** As each server answers what it is asked; of the last, for everything else. */
const servers: readonly (readonly [name: string, kind: BackendKind, below: string, BackendResponse])[] = [
  ['Jaeger, whose UI answers every path', 'jaeger', '', routes(['/api/services', jaeger], ['/', page])],
  ['Jaeger without any service', 'jaeger', '', routes(['/api/services', noServices], ['/', page])],
  ['Jaeger without its v1 search', 'jaeger', '', routes(['/api/v3/services', say(200, '{}')], ['/', page])],
  ['Jaeger below /jaeger', 'jaeger', '/jaeger', routes(['/jaeger/api/services', jaeger], ['/', page])],
  ['Jaeger below /jaeger/ui', 'jaeger', '/jaeger/ui', routes(['/jaeger/ui/api/services', jaeger], ['/', goes404])],
  ['Tempo', 'tempo', '', routes(['/api/echo', say(200, 'echo')], ['/', goes404])],
  ['Zipkin', 'zipkin', '', routes(['/api/v2/services', say(200, '["apiserver"]')], ['/', say(404, '404 Not Found')])],
  [
    'VictoriaTraces',
    'victoriatraces',
    '',
    routes(['/select/jaeger/api/services', jaeger], ['/', say(400, 'unsupported path requested')]),
  ],
  [
    'Grafana',
    'grafana',
    '',
    routes(['/api/health', say(200, '{"database":"ok","version":"12.0.0","commit":"x"}')], ['/api/', say(401, '{}')]),
  ],
];
suite('the backend that responds is recognized', () => {
  for (const [name, kind, below, answer] of servers) {
    test(name, async (t) => {
      const { url } = await serve(t, answer);
      const found = await ask(url);
      assert.equal(found.status, 'recognised');
      assert.deepEqual([found.kind, found.url], [kind, `${url}${below}`]);
    });
  }
  test('its services are listed', async (t) => {
    const { url } = await serve(t, routes(['/api/v2/services', say(200, '["etcd","apiserver"]')], ['/', goes404]));
    const found = await ask(url);
    assert.deepEqual(found.status === 'recognised' && found.services, ['etcd', 'apiserver']);
  });
});

suite('a server that is not a trace backend is named, with a hint what to give instead', () => {
  const post = say(405, '405 method not allowed, supported: [POST]');
  for (const [name, answer, reason, message, hint] of [
    ['OTLP over HTTP', routes(['/v1/traces', post], ['/', goes404]), 'BackendTakesSpansIn', /OTLP/, /16686/],
    [
      'the Zipkin intake of Jaeger or Istio',
      say(400, 'unexpected end of JSON input\n'),
      'BackendTakesSpansIn',
      /format of Zipkin/,
      /service tracing, port 80, path \/jaeger/,
    ],
    [
      'Loki',
      routes(['/loki/api/v1/status/buildinfo', say(200, '{"version":"3.5.0","revision":"x"}')], ['/', goes404]),
      'BackendUnknown',
      /Grafana Loki does, which keeps logs/,
      /3200, 3100 in old charts/,
    ],
    [
      'a web page',
      say(200, '<html><title>Sign in</title>'),
      'BackendAnsweredHTML',
      /web page "Sign in"/,
      /below a path/,
    ],
    ['Kubernetes', say(404, '{"kind":"Status","apiVersion":"v1"}'), 'BackendUnknown', /Kubernetes API server/, /9411/],
    ['Prometheus', say(404, '{"status":"error","errorType":"x"}'), 'BackendUnknown', /Prometheus/, /9411/],
    ['Elasticsearch', say(400, '{"error":{"root_cause":[]},"status":400}'), 'BackendUnknown', /Elasticsearch/, /9411/],
    ['something else', say(404, 'nothing here'), 'BackendUnknown', /status 404/, /10428/],
    ['a login', say(401, ''), 'BackendUnauthorized', /401/, /--backend-token-file/],
    ['a tenant', say(401, 'no org id'), 'BackendWantsTenant', /tenants/, /--backend-tenant/],
    ['a redirect', say(302, '', { location: 'https://login.test/' }), 'BackendRedirects', /login\.test/, /credentials/],
  ] as const) {
    test(name, async (t) => {
      const { url } = await serve(t, answer);
      const found = await ask(url);
      assert.equal(found.status === 'failed' && found.reason, reason);
      assert.match(found.status === 'failed' ? found.message : '', message);
      assert.match((found.status === 'failed' && found.hint) || '', hint);
    });
  }

  test('a gRPC port', async (t) => {
    const server = createServer((socket) => socket.end(Buffer.from('\0\0\x06\x04\0\0\0\0\0\0\x05\0\0@\0')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const { port } = server.address() as { port: number };
    const found = await ask(`http://127.0.0.1:${port}`);
    assert.equal(found.status === 'failed' && found.reason, 'BackendSpeaksNoHTTP');
  });

  test('an address without a server is unavailable, which may change', async () => {
    assert.equal((await ask(await deserted())).status, 'unavailable');
  });
});

async function deserted(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

suite('a backend without a kind', () => {
  const zipkin = routes(
    ['/api/v2/services', say(200, '[]')],
    ['/api/v2/trace/', say(404, `${shop} not found`)],
    ['/', say(404, '404 Not Found')],
  );

  test('is detected before the first query if the wait depends on it', async (t) => {
    const { url } = await serve(t, zipkin);
    const backend = await openKnownBackend({ kind: undefined, url }, options, never);
    assert.deepEqual([backend.kind, backend.url], ['zipkin', url]);
    assert.deepEqual(await backend.byID(shop, never), { status: 'absent' });
    assert.equal(backend.traceURL(shop), `${url}/zipkin/traces/${shop}`);
  });

  test('the kind is detected as soon as a backend responds', async (t) => {
    let starting = true;
    const down = say(503, '');
    const { url, requests } = await serve(t, (request, response) => (starting ? down : zipkin)(request, response));
    const backend = await openKnownBackend({ kind: undefined, url }, options, never);
    assert.equal(backend.kind, 'unknown');
    assert.equal((await backend.byID(shop, never)).status, 'unavailable');
    starting = false;
    assert.deepEqual(await backend.byID(shop, never), { status: 'absent' });
    assert.equal(backend.kind, 'zipkin');
    const before = requests.length;
    await backend.byID(shop, never);
    assert.equal(requests.length, before + 1, 'and not asked again');
  });

  test('concurrent queries share one probe', async (t) => {
    const { url, requests } = await serve(t, zipkin);
    const backend = openBackend({ kind: undefined, url }, options);
    await Promise.all([backend.byID(shop, never), backend.byID(shop, never)]);
    assert.equal(pathsOf(requests).filter((path) => path === '/api/v2/services').length, 1);
  });

  test('of another kind than given', async (t) => {
    const { url } = await serve(t, say(200, fixture('shop-v3.json')));
    const backend = openBackend({ kind: 'zipkin', url }, options);
    const lookup = await backend.byID(shop, never);
    assert.equal(lookup.status === 'failed' && lookup.hint, `give --backend jaeger=${url}`);
  });
});

test('a tenant is sent in the header of the kind, to the kinds that have one', async (t: TestContext) => {
  const seen = new Map<string, Record<string, unknown>>();
  const { url } = await serve(t, (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://x');
    seen.set(pathname, request.headers);
    goes404(request, response);
  });
  const tenanted = { ...options, tenant: '7:2' };
  await openKnownBackend({ kind: undefined, url }, tenanted, never);
  const header = (path: string, name: string): unknown => seen.get(path)?.[name];
  assert.equal(header('/api/services', 'x-tenant'), '7:2');
  assert.equal(header('/api/echo', 'x-scope-orgid'), '7:2');
  assert.equal(header('/select/jaeger/api/services', 'accountid'), '7');
  assert.equal(header('/select/jaeger/api/services', 'projectid'), '2');
  assert.equal(header('/api/v2/services', 'x-tenant'), undefined);
  assert.equal(header('/api/services', 'x-scope-orgid'), undefined);
});
