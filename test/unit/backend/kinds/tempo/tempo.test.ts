import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { suite, test, type TestContext } from 'node:test';
import type { Lookup } from '../../../../../src/backend/backend.ts';
import { TempoBackend } from '../../../../../src/backend/kinds/tempo/tempo.ts';
import { serve } from '../../../../support/http-server.ts';
import { bytesField, message, textField, varintField } from '../../../../support/protobuf.ts';
import { never, pathsOf, query, routes, say, shop, type BackendResponse } from '../../jaeger-server.ts';
import { protobufTrace } from '../../protobuf-trace.ts';

const open = (url: string): TempoBackend => new TempoBackend(url, { fetch, random: (size) => randomBytes(size) });
const PROTOBUF = { 'content-type': 'application/protobuf' };
const protobuf =
  (body: Buffer): BackendResponse =>
  (_request, response) =>
    response.writeHead(200, PROTOBUF).end(body);

const envelope = bytesField(1, protobufTrace);
const noRoute = say(404, '404 page not found\n');
const v2 = `/api/v2/traces/${shop}`;
const v1 = `/api/traces/${shop}`;

async function byID(t: TestContext, ...table: readonly (readonly [string, BackendResponse])[]): Promise<Lookup> {
  const { url } = await serve(t, routes(...table));
  return open(url).byID(shop, never);
}

test('a trace comes from v2, as protobuf, without a time range', async (t) => {
  const { url, requests } = await serve(t, protobuf(envelope));
  const lookup = await open(url).byID(shop, never);
  assert.equal(lookup.status, 'found');
  assert.equal(lookup.spans[0]?.start, 1_795_478_400_000_000_123n);
  assert.equal(requests[0]?.url, v2);
  assert.equal(requests[0]?.headers.accept, 'application/protobuf');
  assert.match(String(requests[0]?.headers['traceparent']), /-00$/);
});

test('if v2 is not served, v1 is used, and only v1 from then on', async (t) => {
  const { url, requests } = await serve(t, routes([v2, noRoute], [v1, protobuf(protobufTrace)]));
  const backend = open(url);
  for (let times = 0; times < 2; times++) assert.equal((await backend.byID(shop, never)).status, 'found');
  assert.deepEqual(pathsOf(requests), [v2, v1, v1]);
});

suite('JSON, if protobuf is not available', () => {
  const span = {
    traceId: Buffer.from(shop, 'hex').toString('base64'),
    spanId: 'APBnqgupArc=',
    name: 'GET /cart',
    kind: 'SPAN_KIND_SERVER',
    startTimeUnixNano: '1795478400000000123',
    endTimeUnixNano: '1795478400002500523',
  };
  const json = { 'content-type': 'application/json' };
  for (const [name, path, document] of [
    ['v2', v2, { trace: { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }, metrics: {} }],
    ['v1', v1, { batches: [{ scopeSpans: [{ spans: [span] }] }] }],
    ['v1 of Tempo 1.x', v1, { batches: [{ instrumentationLibrarySpans: [{ spans: [span] }] }] }],
  ] as const) {
    test(name, async (t) => {
      const lookup = await byID(t, [path, say(200, JSON.stringify(document), json)], ['/', noRoute]);
      assert.equal(lookup.status, 'found');
      assert.deepEqual([lookup.spans[0]?.spanID, lookup.spans[0]?.kind], ['00f067aa0ba902b7', 'server']);
    });
  }
});

suite('not stored yet', () => {
  test('v2: 200 with an empty trace', async (t) => {
    assert.deepEqual(await byID(t, ['/', say(200, '{"trace":{},"metrics":{}}')]), { status: 'absent' });
    assert.deepEqual(await byID(t, ['/', protobuf(Buffer.alloc(0))]), { status: 'absent' });
    assert.deepEqual(await byID(t, ['/', protobuf(message(bytesField(2, varintField(1, 7n))))]), { status: 'absent' });
  });
  test('v1: 404 with an empty body', async (t) => {
    assert.deepEqual(await byID(t, [v2, noRoute], [v1, say(404, '')]), { status: 'absent' });
  });
  test('a server that responds 404 with an empty body to everything is not Tempo', async (t) => {
    const { url } = await serve(t, say(404, ''));
    const lookup = await open(url).byID(shop, never);
    assert.equal(lookup.status, 'failed');
    assert.equal(lookup.reason, 'BackendIsNotTempo');
  });
  test('a Tempo that hides forbidden data behind 404', async (t) => {
    assert.deepEqual(await byID(t, ['/api/echo', say(200, 'echo')], ['/', say(404, '')]), { status: 'absent' });
  });
  test('VictoriaTraces: 200 with empty lists', async (t) => {
    assert.deepEqual(await byID(t, ['/', say(200, '{"trace":{"resourceSpans":[]}}')]), { status: 'absent' });
    assert.deepEqual(await byID(t, [v2, noRoute], [v1, say(200, '{"batches":[]}')]), { status: 'absent' });
  });
});

test('a partial trace is reported as partial', async (t) => {
  const partial = message(envelope, varintField(3, 1n), textField(4, 'too large'));
  const lookup = await byID(t, ['/', protobuf(partial)]);
  assert.equal(lookup.status === 'found' && lookup.cut, 'Tempo gave only a part of the trace: too large');
  const old: BackendResponse = (_request, response) => response.writeHead(206, PROTOBUF).end(protobufTrace);
  const older = await byID(t, [v2, noRoute], [v1, old]);
  assert.equal(older.status === 'found' && older.cut, 'Tempo gave only a part of the trace');
});

suite('a retry does not help with Tempo', () => {
  for (const [name, answer, reason, hint] of [
    ['a web page', say(200, '<html>'), 'BackendAnsweredHTML', /\/tempo/],
    ['Jaeger', say(404, '{"data":null,"errors":[{"code":404}]}'), 'BackendIsNotTempo', /--backend jaeger=/],
    ['Kubernetes', say(404, '{"kind":"Status","apiVersion":"v1"}'), 'BackendIsNotTempo', /3200/],
    ['Prometheus', say(400, '{"status":"error","errorType":"bad_data"}'), 'BackendIsNotTempo', /3200/],
    ['an unknown path', noRoute, 'BackendIsNotTempo', /3200/],
    ['no tenant', say(401, 'no org id'), 'BackendWantsTenant', /--backend-tenant/],
    ['too large', say(422, 'trace exceeds max size (max bytes: 5000000)'), 'BackendRefusedQuery', undefined],
  ] as const) {
    test(name, async (t) => {
      const lookup = await byID(t, ['/', answer]);
      assert.equal(lookup.status, 'failed');
      assert.equal(lookup.reason, reason);
      if (hint !== undefined) assert.match(lookup.hint ?? '', hint);
    });
  }
});

test('a truncated body may be complete next time', async (t) => {
  const lookup = await byID(t, ['/', say(200, '{"trace":{"resourceSp', { 'content-type': 'application/json' })]);
  assert.equal(lookup.status, 'unavailable');
});

suite('a search', () => {
  const found = (...ids: readonly string[]): BackendResponse =>
    say(200, JSON.stringify({ traces: ids.map((traceID) => ({ traceID })), metrics: {} }));
  const wanted = { ...query, attributes: { 'audit-id': 'audit-1' } };

  test('is TraceQL in whole seconds; each trace is fetched, and checked', async (t) => {
    const { url, requests } = await serve(
      t,
      routes(
        ['/api/search', found(shop.replace(/^0+/, ''), 'abc')],
        [v2, protobuf(envelope)],
        ['/', say(200, '{"trace":{}}')],
      ),
    );
    const lookup = await open(url).search({ ...wanted, operation: 'GET /cart' }, never);
    assert.equal(lookup.status, 'found');
    assert.equal(lookup.spans.length, 1);
    const sent = new URL(requests[0]?.url ?? '', url).searchParams;
    assert.deepEqual(Object.fromEntries(sent), {
      q: '{ resource.service.name = "apiserver" && name = "GET /cart" && .audit-id = "audit-1" }',
      start: '1795475000',
      end: '1795476001',
      limit: '5',
    });
  });

  test('by link; a version without it finds none', async (t) => {
    const linkedTo = 'a'.repeat(32) as typeof shop;
    const { url, requests } = await serve(t, routes(['/api/search', found(shop)], ['/', protobuf(envelope)]));
    const lookup = await open(url).search({ ...query, attributes: {}, linkedTo }, never);
    assert.equal(lookup.status, 'found');
    assert.match(new URL(requests[0]?.url ?? '', url).searchParams.get('q') ?? '', /link:traceID = "a{32}"/);
    const old = await serve(t, say(400, 'invalid TraceQL query: parse error'));
    assert.deepEqual(await open(old.url).search({ ...query, linkedTo }, never), { status: 'absent' });
    assert.equal((await open(old.url).search(query, never)).status, 'failed');
  });

  test('that finds nothing, or spans that do not match', async (t) => {
    const none = await serve(t, say(200, '{"metrics":{}}'));
    assert.deepEqual(await open(none.url).search(wanted, never), { status: 'absent' });
    const other = await serve(t, routes(['/api/search', found(shop)], ['/', protobuf(envelope)]));
    assert.deepEqual(await open(other.url).search({ ...query, service: 'etcd' }, never), { status: 'absent' });
  });
});

suite('recorded from Tempo 3.1 (commit ad33aa8)', () => {
  const recorded = (name: string): Buffer =>
    readFileSync(new URL(`../../../../fixtures/tempo/${name}`, import.meta.url));
  const answer =
    (name: string, type = 'application/json', code = 200): BackendResponse =>
    (_request, response) =>
      response.writeHead(code, { 'content-type': type }).end(recorded(name));
  const pb = 'application/protobuf';
  const noName = say(400, recorded('search-refused.txt').toString());

  /** What is in the trace, in the order of its spans. */
  const shape = (lookup: Lookup): unknown =>
    lookup.status === 'found' &&
    lookup.spans
      .toSorted((one, other) => (one.spanID < other.spanID ? -1 : 1))
      .map(({ name, kind, status, attributes, links, scope }) => ({ name, kind, status, attributes, links, scope }));

  test('one trace, by each API, as protobuf and as JSON', async (t) => {
    const whole = await byID(t, [v2, answer('trace-v2.pb', pb)]);
    assert.equal(whole.status === 'found' && whole.spans.length, 3);
    const server = whole.status === 'found' ? whole.spans.find(({ kind }) => kind === 'server') : undefined;
    assert.deepEqual(server?.status, { code: 'error', message: 'boom' });
    assert.equal(server?.attributes['large'], 9223372036854775807n);
    assert.deepEqual(server?.attributes['bytes'], new Uint8Array([1, 2, 3]));
    assert.ok(Number.isNaN(server?.attributes['nothing']));
    assert.deepEqual(
      server?.events.map(({ name }) => name),
      ['sent', 'plain'],
    );
    assert.equal(server && server.end - server.start, 2_500_400n, 'in nanoseconds');
    for (const table of [
      [
        [v2, noRoute],
        [v1, answer('trace-v1.pb', pb)],
      ],
      [[v2, answer('trace-v2.json')]],
      [
        [v2, noRoute],
        [v1, answer('trace-v1.json')],
      ],
    ] as const) {
      assert.deepEqual(shape(await byID(t, ...table)), shape(whole));
    }
  });

  test('a missing trace, and an invalid ID', async (t) => {
    assert.deepEqual(await byID(t, [v2, answer('missing-v2.json')]), { status: 'absent' });
    const malformed = await byID(t, ['/', answer('malformed-id.txt', 'text/plain', 400)]);
    assert.equal(
      malformed.status === 'failed' && malformed.message,
      "Tempo answered 400: trace IDs can only contain hex characters: invalid character 'z' at position 1",
    );
  });

  test('a search, whose IDs lack their leading zeros', async (t) => {
    const { url, requests } = await serve(
      t,
      routes(['/api/search', answer('search.json')], [v2, answer('trace-v2.pb', pb)], ['/', noRoute]),
    );
    const lookup = await open(url).search({ ...query, attributes: { 'audit-id': 'audit-1' } }, never);
    assert.equal(lookup.status, 'found');
    assert.deepEqual(pathsOf(requests), ['/api/search', v2]);
  });

  test('a search by link, one of 64 bits, one that finds nothing, one that is refused', async (t) => {
    const linkedTo = 'f'.repeat(32) as typeof shop;
    const search = async (found: BackendResponse, parts: Partial<typeof query>): Promise<Lookup> => {
      const { url } = await serve(
        t,
        routes(
          ['/api/search', found],
          [v2, answer('trace-v2.pb', pb)],
          ['/api/v2/traces/00000000000000001c80319c0af76519', answer('trace-64-bit.json')],
          ['/', noRoute],
        ),
      );
      return open(url).search({ ...query, attributes: {}, ...parts }, never);
    };
    assert.equal((await search(answer('search-link.json'), { linkedTo })).status, 'found');
    const short = await search(answer('search-64-bit.json'), { service: 'Shop-Front' });
    assert.equal(short.status === 'found' && short.spans[0]?.traceID, '00000000000000001c80319c0af76519');
    assert.deepEqual(await search(answer('search-none.json'), {}), { status: 'absent' });
    const refused = await search(noName, {});
    assert.match(refused.status === 'failed' ? refused.message : '', /^Tempo answered 400: invalid TraceQL query/);
  });
});
