import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { GrafanaBackend } from '../../../../../src/backend/kinds/grafana/grafana.ts';
import { parseTracePage } from '../../../../../src/commands/show/trace-page.ts';
import { serve } from '../../../../support/http-server.ts';
import { bytesField } from '../../../../support/protobuf.ts';
import { never, pathsOf, query, routes, say, shop, type BackendResponse } from '../../jaeger-server.ts';
import { protobufTrace } from '../../protobuf-trace.ts';

const open = (url: string): GrafanaBackend => new GrafanaBackend(url, { fetch, random: (size) => randomBytes(size) });

/** What Grafana 12 lists, less what nobody needs. */
const sources = [
  { uid: 'prom', name: 'Prometheus', type: 'prometheus', access: 'proxy', isDefault: true },
  { uid: 'tempo-a', name: 'Tempo', type: 'tempo', access: 'proxy', isDefault: false },
];
const trace: BackendResponse = (_request, response) =>
  response.writeHead(200, { 'content-type': 'application/protobuf' }).end(bytesField(1, protobufTrace));
const list = (...all: readonly object[]): readonly [string, BackendResponse] => [
  '/api/datasources?',
  say(200, JSON.stringify(all)),
];
/** The list is asked for without a query. */
const grafana = (
  all: readonly object[],
  ...table: readonly (readonly [string, BackendResponse])[]
): BackendResponse => {
  const rest = routes(...table, [
    '/',
    say(404, '{"message":"Not found","messageId":"x","statusCode":404,"traceID":""}'),
  ]);
  const [, listing] = list(...all);
  return (request, response) => (request.url === '/api/datasources' ? listing : rest)(request, response);
};

test('the data source with traces is found once, and queried through Grafana', async (t) => {
  const proxy = '/api/datasources/proxy/uid/tempo-a';
  const { url, requests } = await serve(t, grafana(sources, [`${proxy}/api/v2/traces/`, trace]));
  const backend = open(url);
  for (let times = 0; times < 2; times++) assert.equal((await backend.byID(shop, never)).status, 'found');
  assert.deepEqual(pathsOf(requests), [
    '/api/datasources',
    `${proxy}/api/v2/traces/${shop}`,
    `${proxy}/api/v2/traces/${shop}`,
  ]);
  assert.equal(backend.url, `${url}${proxy}`, 'so that the next time nobody has to choose');
  const page = parseTracePage(backend.traceURL(shop));
  assert.deepEqual(page, { traceID: shop, backend: `grafana=${url}${proxy}` });
  assert.deepEqual(await backend.search({ ...query, attributes: {} }, never), {
    status: 'failed',
    reason: 'BackendIsNotTempo',
    message: `${url}${proxy} responds as Grafana does, not as Grafana Tempo`,
    hint: `give --backend grafana=${url}${proxy}`,
  });
});

test('a data source named in the URL is not searched for', async (t) => {
  const { url, requests } = await serve(
    t,
    routes(
      ['/api/datasources/uid/z', say(200, JSON.stringify({ uid: 'z', type: 'zipkin', name: 'Z' }))],
      ['/api/datasources/proxy/uid/z/api/v2/trace/', say(404, `${shop} not found`)],
    ),
  );
  const lookup = await open(`${url}/api/datasources/proxy/uid/z`).byID(shop, never);
  assert.deepEqual(lookup, { status: 'absent' });
  assert.equal(requests.length, 2);
});

suite('of several', () => {
  const several = [
    { uid: 'a', name: 'A', type: 'jaeger' },
    { uid: 'b', name: 'B', type: 'zipkin' },
    { uid: 'c', name: 'C', type: 'tempo', isDefault: true },
  ];
  const services = (uid: string, path: string, body: object): readonly [string, BackendResponse] => [
    `/api/datasources/proxy/uid/${uid}${path}`,
    say(200, JSON.stringify(body)),
  ];
  test('the one with spans of the API server', async (t) => {
    const { url } = await serve(
      t,
      grafana(
        several,
        services('a', '/api/services', { data: ['shop'] }),
        services('b', '/api/v2/services', ['etcd', 'apiserver']),
        services('c', '/api/search/tag/', { tagValues: [] }),
        ['/api/datasources/proxy/uid/b/api/v2/trace/', say(404, `${shop} not found`)],
      ),
    );
    const backend = open(url);
    assert.deepEqual(await backend.byID(shop, never), { status: 'absent' });
    assert.equal(backend.url, `${url}/api/datasources/proxy/uid/b`);
  });
  test('the default one of several with such spans', async (t) => {
    const { url } = await serve(
      t,
      grafana(
        several,
        services('b', '/api/v2/services', ['apiserver']),
        services('c', '/api/search/tag/', { tagValues: ['apiserver'] }),
      ),
    );
    const backend = open(url);
    await backend.byID(shop, never);
    assert.equal(backend.url, `${url}/api/datasources/proxy/uid/c`);
  });
  test('none with such spans: all are named, with a hint what to give', async (t) => {
    const { url } = await serve(t, grafana(several));
    const lookup = await open(url).byID(shop, never);
    assert.equal(lookup.status, 'failed');
    assert.equal(lookup.reason, 'AmbiguousDataSource');
    assert.match(lookup.message, /: A \(jaeger, a\), B \(zipkin, b\), C \(tempo, c\)$/);
    assert.match(lookup.hint ?? '', /grafana=URL\/api\/datasources\/proxy\/uid\/UID/);
  });
});

suite('refused', () => {
  for (const [name, answer, reason, hint] of [
    ['nobody is logged in', say(401, '{"message":"Unauthorized"}'), 'BackendUnauthorized', /--backend-token-file/],
    ['may not list', say(403, '{"message":"You need permissions"}'), 'BackendForbidden', /datasources:read/],
    ['a log-in page', say(302, '', { location: '/login' }), 'BackendRedirects', /log-in page/],
    ['no tracing at all', say(200, JSON.stringify([sources[0]])), 'NoDataSource', /address/],
    ['a web page', say(200, '<html>'), 'BackendAnsweredHTML', /\/grafana/],
    ['Zipkin', say(404, '404 Not Found'), 'BackendIsNotGrafana', /3000/],
  ] as const) {
    test(name, async (t) => {
      const { url } = await serve(t, answer);
      const lookup = await open(url).byID(shop, never);
      assert.equal(lookup.status === 'failed' && lookup.reason, reason);
      assert.match((lookup.status === 'failed' && lookup.hint) || '', hint);
    });
  }
  test('a data source that does not exist', async (t) => {
    const { url } = await serve(t, say(404, '{"message":"Data source not found"}'));
    const lookup = await open(`${url}/api/datasources/proxy/uid/none`).byID(shop, never);
    assert.equal(lookup.status === 'failed' && lookup.reason, 'NoDataSource');
  });
});
