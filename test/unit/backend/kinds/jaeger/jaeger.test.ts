import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SearchQuery } from '../../../../../src/backend/backend.ts';
import { serve } from '../../../../support/http-server.ts';
import { traceID } from '../../../../support/spans.ts';
import { fixture } from '../../fixture.ts';
import { byID, never, open, pathsOf, query, routes, say, shop, type BackendResponse } from '../../jaeger-server.ts';

test('a trace comes from api_v3, raw, with its nanoseconds', async (t) => {
  const { url, requests } = await serve(t, say(200, fixture('shop-v3.json')));
  const lookup = await open(url).byID(shop, never);
  assert.equal(lookup.status, 'found');
  assert.equal(lookup.spans[0]?.start, 1795478400000000123n);
  assert.equal(requests[0]?.url, `/api/v3/traces/${shop}?raw_traces=true&rawTraces=true`);
});

test('if api_v3 is not served, v1 is used, and tried first from then on', async (t) => {
  const { url, requests } = await serve(t, routes([`/api/traces/${shop}`, say(200, fixture('shop-v1.json'))]));
  const backend = open(url);
  for (let times = 0; times < 2; times++) {
    const lookup = await backend.byID(shop, never);
    assert.equal(lookup.status, 'found');
    assert.equal(lookup.spans[0]?.start, 1795478400000000000n);
  }
  assert.deepEqual(pathsOf(requests), [`/api/v3/traces/${shop}`, `/api/traces/${shop}`, `/api/traces/${shop}`]);
});

test('not stored yet: 404 or empty, from either API', async (t) => {
  const v1 = (answer: BackendResponse): BackendResponse => routes(['/api/traces/', answer]);
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

test('if v1 no longer has a search, api_v3 is used; spans that do not match are left out', async (t) => {
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

test('a search result is checked: attributes, operation and service on one span', async (t) => {
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

test('a trace with another ID is not accepted as the response', async (t) => {
  const { url } = await serve(t, say(200, fixture('create-kept-v3.json')));
  assert.deepEqual(await open(url).byID(traceID('fc42ff3805bf0a0c97328e2e54e259a3'), never), { status: 'absent' });
});

test('every poll has its own unsampled traceparent, and no credentials', async (t) => {
  const { url, requests } = await serve(t, say(404, fixture('missing-v3.json')));
  const backend = open(url);
  await backend.byID(shop, never);
  await backend.byID(shop, never);
  const sent = requests.map(({ headers }) => headers['traceparent'] as string);
  for (const header of sent) assert.match(header, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  assert.notEqual(sent[0], sent[1]);
  assert.equal(requests[0]?.headers.authorization, undefined);
});

test('a base path is part of every URL', async (t) => {
  const { url, requests } = await serve(t, say(404, fixture('missing-v3.json')));
  const backend = open(`${url}/jaeger/ui`);
  await backend.byID(shop, never);
  assert.deepEqual(pathsOf(requests), [`/jaeger/ui/api/v3/traces/${shop}`]);
  assert.equal(backend.traceURL(shop), `${url}/jaeger/ui/trace/${shop}`);
});
