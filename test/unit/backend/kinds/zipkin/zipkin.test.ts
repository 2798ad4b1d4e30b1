import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { ZipkinBackend } from '../../../../../src/backend/kinds/zipkin/zipkin.ts';
import { serve } from '../../../../support/http-server.ts';
import { never, query, say, shop } from '../../jaeger-server.ts';

const open = (url: string): ZipkinBackend => new ZipkinBackend(url, { fetch, random: (size) => randomBytes(size) });

/** An answer as Zipkin 3.6.1 gave it. */
const fixture = (name: string): string =>
  readFileSync(new URL(`../../../../fixtures/zipkin/${name}`, import.meta.url), 'utf8');

test('a trace by its ID', async (t) => {
  const { url, requests } = await serve(t, say(200, fixture('trace.json')));
  const lookup = await open(url).byID(shop, never);
  assert.equal(lookup.status === 'found' && lookup.spans.length, 3);
  assert.equal(requests[0]?.url, `/api/v2/trace/${shop}`);
});

test('a search in milliseconds and lower case, checked in the original case', async (t) => {
  const { url, requests } = await serve(t, say(200, fixture('search.json')));
  const asked = { ...query, attributes: { 'audit-id': 'audit-1' }, operation: 'GET /api/v1/nodes/{:name}' };
  const lookup = await open(url).search(asked, never);
  assert.equal(lookup.status === 'found' && lookup.spans.length, 3);
  assert.deepEqual(Object.fromEntries(new URL(requests[0]?.url ?? '', url).searchParams), {
    serviceName: 'apiserver',
    spanName: 'get /api/v1/nodes/{:name}',
    annotationQuery: 'audit-id=audit-1',
    endTs: '1795476000001',
    lookback: '1000001',
    limit: '5',
  });
  assert.deepEqual(await open(url).search({ ...asked, operation: 'GET' }, never), { status: 'absent' });
});

test('an attribute of the process is found among those of the span', async (t) => {
  const { url } = await serve(t, say(200, fixture('search.json')));
  const lookup = await open(url).search({ ...query, attributes: { 'service.instance.id': 'apiserver-1' } }, never);
  assert.equal(lookup.status, 'found');
});

suite('without a trace', () => {
  test('not stored yet', async (t) => {
    const missing = await serve(t, say(404, fixture('missing.txt')));
    assert.deepEqual(await open(missing.url).byID(shop, never), { status: 'absent' });
    const none = await serve(t, say(200, fixture('search-none.json')));
    assert.deepEqual(await open(none.url).search(query, never), { status: 'absent' });
  });
  test('an ID that Zipkin rejects is reported in its words', async (t) => {
    const { url } = await serve(t, say(400, fixture('upper-case.txt')));
    const lookup = await open(url).byID(shop, never);
    assert.equal(lookup.status, 'failed');
    assert.match(lookup.message, /^Zipkin answered 400: .*should be lower-hex/);
  });
  for (const [name, code, body, reason, hint] of [
    ['Armeria’s 404', 404, '404 Not Found', 'BackendIsNotZipkin', /\/zipkin; its port for queries is 9411/],
    ['a web page', 200, '<html>', 'BackendAnsweredHTML', /9411|zipkin/],
    ['Jaeger', 404, '{"data":null,"errors":[]}', 'BackendIsNotZipkin', /--backend jaeger=/],
  ] as const) {
    test(name, async (t) => {
      const { url } = await serve(t, say(code, body));
      const lookup = await open(url).byID(shop, never);
      assert.equal(lookup.status === 'failed' && lookup.reason, reason);
      assert.match((lookup.status === 'failed' && lookup.hint) || '', hint);
    });
  }
});

test('the page of a trace is below /zipkin, which may be in the URL', () => {
  for (const url of ['https://host', 'https://host/zipkin']) {
    assert.equal(open(url).traceURL(shop), `https://host/zipkin/traces/${shop}`);
  }
});
