import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { probe } from '../../../../src/backend/detect/probe.ts';
import { VictoriaTracesBackend } from '../../../../src/backend/kinds/victoriatraces.ts';
import { serve } from '../../../support/http-server.ts';
import { fixture } from '../fixture.ts';
import { never, pathsOf, query, routes, say, shop, type BackendResponse } from '../jaeger-server.ts';
import { protobufTrace } from '../protobuf-trace.ts';
import { bytesField } from '../../../support/protobuf.ts';
import { traceID } from '../../../support/spans.ts';

const open = (url: string): VictoriaTracesBackend =>
  new VictoriaTracesBackend(url, { fetch, random: (size) => randomBytes(size) });

const unsupported = say(400, 'unsupported path requested: "/select/tempo/api/v2/traces"\n');
const tempo = `/select/tempo/api/v2/traces/${shop}`;
const tempo1 = `/select/tempo/api/traces/${shop}`;
const jaeger3 = `/select/jaeger/api/v3/traces/${shop}`;
const jaeger1 = `/select/jaeger/api/traces/${shop}`;

test('a trace comes from the Tempo API', async (t) => {
  const answer: BackendResponse = (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/protobuf' }).end(bytesField(1, protobufTrace));
  const { url, requests } = await serve(t, answer);
  const lookup = await open(url).byID(shop, never);
  assert.equal(lookup.status, 'found');
  assert.deepEqual(pathsOf(requests), [tempo]);
});

test('if that is not served, from the Jaeger API, and only from it from then on', async (t) => {
  const { url, requests } = await serve(t, routes([jaeger1, say(200, fixture('shop-v1.json'))], ['/', unsupported]));
  const backend = open(url);
  for (let times = 0; times < 2; times++) assert.equal((await backend.byID(shop, never)).status, 'found');
  assert.deepEqual(pathsOf(requests), [tempo, tempo1, jaeger3, jaeger1, jaeger1]);
});

test('a missing trace: the old API responds 200 with nothing, the new one 404', async (t) => {
  const old = routes(
    [jaeger1, say(200, '{"data":[],"errors":null,"limit":0,"offset":0,"total":1}')],
    ['/', unsupported],
  );
  assert.deepEqual(await open((await serve(t, old)).url).byID(shop, never), { status: 'absent' });
  const newer = routes(
    [jaeger3, say(404, '{"error":{"httpCode":404,"message":"No traces found"}}')],
    ['/', unsupported],
  );
  assert.deepEqual(await open((await serve(t, newer)).url).byID(shop, never), { status: 'absent' });
});

test('a search goes to the Jaeger API, where attributes of a process have a prefix', async (t) => {
  const { url, requests } = await serve(t, say(200, fixture('search-audit-id-v1.json')));
  const attributes = { 'audit-id': 'audit-rerooted', 'service.instance.id': 'x' };
  await open(url).search({ ...query, attributes }, never);
  const sent = new URL(requests[0]?.url ?? '', url);
  assert.equal(sent.pathname, '/select/jaeger/api/traces');
  assert.deepEqual(JSON.parse(sent.searchParams.get('tags') ?? ''), {
    'audit-id': 'audit-rerooted',
    'resource_attr:service.instance.id': 'x',
  });
});

test('a server that is not VictoriaTraces', async (t) => {
  const { url } = await serve(t, say(404, '404 page not found\n'));
  const lookup = await open(url).byID(shop, never);
  assert.equal(lookup.status, 'failed');
});

/** An answer as VictoriaTraces of July 2025 (commit 0297391) gave it. */
const recorded = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/victoriatraces/${name}`, import.meta.url), 'utf8');
const real = routes(
  [jaeger1, say(200, recorded('shop-v1.json'))],
  ['/select/jaeger/api/traces/', say(200, recorded('missing-v1.json'))],
  ['/select/jaeger/api/traces?', say(200, recorded('search.json'))],
  ['/select/jaeger/api/services', say(200, recorded('services.json'))],
  ['/', say(400, recorded('unsupported.txt'))],
);

test('recorded: every value is text, including the status', async (t) => {
  const { url } = await serve(t, real);
  const lookup = await open(url).byID(shop, never);
  assert.equal(lookup.status, 'found');
  const span = lookup.spans.find(({ kind }) => kind === 'server');
  assert.deepEqual([span?.name, span?.status], ['GET /api/v1/nodes/{:name}', { code: 'error', message: 'boom' }]);
  assert.equal(span?.attributes['http.response.status_code'], '500');
  assert.deepEqual(
    span?.links.map((link) => link.traceID),
    ['f'.repeat(32)],
  );
  const codes = lookup.spans.map(({ status }) => status.code).sort();
  assert.deepEqual(codes, ['error', 'ok', 'unset']);
  assert.equal((await open(url).byID(traceID('1'), never)).status, 'absent');
  const found = await open(url).search({ ...query, attributes: { 'audit-id': 'audit-1' } }, never);
  assert.equal(found.status, 'found');
});

test('recorded: it is recognized by its services', async (t) => {
  const { url } = await serve(t, real);
  const found = await probe(url, { optionsOf: () => ({ fetch, random: (size) => randomBytes(size) }) }, never);
  assert.equal(found.status === 'recognised' && found.kind, 'victoriatraces');
});

test('an empty value, which is stored as "-", is read as empty', async (t) => {
  const body = recorded('shop-v1.json').replace('"audit-1"', '"-"');
  const { url } = await serve(t, routes([jaeger1, say(200, body)], ['/', unsupported]));
  const lookup = await open(url).byID(shop, never);
  assert.equal(lookup.status, 'found');
  const { attributes } = lookup.spans.find(({ kind }) => kind === 'server')!;
  assert.deepEqual([attributes['audit-id'], attributes['flag']], ['', 'true']);
});
