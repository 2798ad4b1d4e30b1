import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SearchQuery } from '../../../../src/backend/backend.ts';
import { locate, type Located } from '../../../../src/backend/find/locate.ts';
import type { RequestKeys } from '../../../../src/backend/find/request-keys.ts';
import { decodeJaeger } from '../../../../src/codec/jaeger/jaeger.ts';
import type { Attributes } from '../../../../src/trace/span.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import { foundSpans, scriptedBackend, type Asked, type Script } from '../../../support/scripted-backend.ts';
import { span, spanID, traceID } from '../../../support/spans.ts';
import { fixture } from '../fixture.ts';

const startedAt = epochNanos(1_795_478_400_000_000_000n);
const now = epochNanos(startedAt + 5_000_000_000n);
const signal = new AbortController().signal;
const ours = 'a1';
const theirs = 'e1';

const keys: RequestKeys = { traceID: traceID(ours), spanID: spanID('c1'), auditID: 'audit-1', startedAt };
const fingerprint = { userAgent: 'kubectl-trace/1 (1a2b)', method: 'GET', path: '/api/v1/nodes' };
const audited = (trace: string, id = '5'): ReturnType<typeof span> =>
  span({ trace, id, name: 'List', attributes: { 'audit-id': 'audit-1' } });

async function look(
  script: Script,
  options: { keys?: RequestKeys; thorough?: boolean } = {},
): Promise<[Located, Asked[]]> {
  const backend = scriptedBackend(script);
  const { thorough = false } = options;
  return [await locate(options.keys ?? keys, backend, { now, thorough }, signal), backend.asked];
}

const outcome = (located: Located): string =>
  located.status === 'found'
    ? `${located.foundBy} ${Number(BigInt(`0x${located.traceID}`)).toString(16)}`
    : located.status;
const order = (asked: readonly Asked[]): string[] =>
  asked.map(({ how, id, query }) =>
    how === 'byID' ? `byID ${id?.replace(/^0+/, '')}` : Object.keys(query?.attributes ?? {})[0]!,
  );

test('by trace ID: a server span of the API server below our client span', async () => {
  const root = span({ trace: ours, id: '1', parent: 'c1', kind: 'server' });
  const [located, asked] = await look({ byID: () => foundSpans(root, span({ trace: ours, id: '2', parent: '1' })) });
  assert.equal(outcome(located), 'trace-id a1');
  assert.equal(located.status === 'found' && located.spans.length, 2);
  assert.deepEqual(order(asked), ['byID a1']);
});

test('by trace ID: any span with the Audit-ID, for example behind a gateway with its own spans', async () => {
  const [located] = await look({ byID: () => foundSpans(audited(ours)) });
  assert.equal(outcome(located), 'trace-id a1');
});

test("a trace with only another request of the command is not this request's", async () => {
  const discovery = span({ trace: ours, id: '1', parent: 'c2', kind: 'server', attributes: { 'audit-id': 'audit-0' } });
  const [located, asked] = await look({
    byID: (id) => (id === traceID(ours) ? foundSpans(discovery) : foundSpans(audited(theirs))),
    search: () => foundSpans(audited(theirs)),
  });
  assert.equal(outcome(located), 'audit-id e1');
  assert.deepEqual(order(asked), ['byID a1', 'audit-id', 'byID e1']);
});

test('a trace with only gateway spans counts if no better one is found', async () => {
  const gateway = span({ trace: ours, id: '1', parent: 'c1', kind: 'server', service: 'gateway' });
  const [alone] = await look({ byID: () => foundSpans(gateway) });
  assert.equal(outcome(alone), 'trace-id a1');
  assert.equal(alone.status === 'found' && alone.certain, false);
  const [better] = await look({
    byID: (id) => (id === traceID(ours) ? foundSpans(gateway) : { status: 'absent' }),
    search: () => foundSpans(audited(theirs)),
  });
  assert.equal(outcome(better), 'audit-id e1');
});

test('the search by Audit-ID begins 2 s before the request', async () => {
  const [located, asked] = await look({});
  assert.equal(outcome(located), 'absent');
  const expected: SearchQuery = {
    service: 'apiserver',
    attributes: { 'audit-id': 'audit-1' },
    from: epochNanos(startedAt - 2_000_000_000n),
    to: now,
    limit: 5,
  };
  assert.deepEqual(asked[1]?.query, expected);
});

test('a thorough search allows for clocks that differ by minutes', async () => {
  const [, asked] = await look({}, { thorough: true });
  assert.equal(asked[1]?.query?.from, startedAt - 600_000_000_000n);
  assert.equal(asked[1]?.query?.to, now + 600_000_000_000n);
});

test('spans have the first 64 characters of an Audit-ID', async () => {
  const long = 'x'.repeat(70);
  const cut = span({ trace: theirs, attributes: { 'audit-id': 'x'.repeat(64) } });
  const [located] = await look({ search: () => foundSpans(cut) }, { keys: { ...keys, auditID: long } });
  assert.equal(outcome(located), 'audit-id e1');
});

test('a trace found by search is fetched completely, or used as it was found', async () => {
  const whole = [audited(theirs), span({ trace: theirs, id: '6', service: 'etcd' })];
  const search = (): ReturnType<typeof foundSpans> => foundSpans(audited(theirs), span({ trace: 'f1' }));
  const [fetched] = await look({
    search,
    byID: (id) => (id === traceID(theirs) ? foundSpans(...whole) : { status: 'absent' }),
  });
  assert.equal(fetched.status === 'found' && fetched.spans.length, 2);
  const [asItCame] = await look({ search });
  assert.deepEqual(asItCame.status === 'found' && asItCame.spans, [audited(theirs)]);
});

test('of two traces with the Audit-ID, the one that names our client span is chosen', async () => {
  const links = [{ traceID: keys.traceID, spanID: keys.spanID, attributes: {} }];
  const aggregated = { ...audited('e2'), start: epochNanos(startedAt - 1n) };
  const linking = span({ trace: theirs, id: '1', kind: 'server', links });
  const [linked] = await look({ search: () => foundSpans(aggregated, audited(theirs), linking) });
  assert.equal(outcome(linked), 'audit-id e1');
  const [earliest] = await look({ search: () => foundSpans(audited(theirs), aggregated) });
  assert.equal(outcome(earliest), 'audit-id e2');
});

test('a link to another request of the command is not a link to this one', async () => {
  const links = [{ traceID: keys.traceID, spanID: spanID('c2'), attributes: {} }];
  const other = span({ trace: 'e2', id: '1', kind: 'server', links, attributes: { 'audit-id': 'audit-0' } });
  const [located] = await look({ search: () => foundSpans(other, audited(theirs)) });
  assert.equal(outcome(located), 'audit-id e1');
});

test('a recorded 401 is found by its authentication trace', async () => {
  const spans = decodeJaeger(JSON.parse(fixture('search-401-v1.json')))!.spans;
  const [located] = await look({ search: () => foundSpans(...spans) }, { keys: { ...keys, auditID: 'audit-401' } });
  assert.equal(located.status, 'found');
  assert.equal(located.foundBy, 'audit-id');
  assert.equal(located.spans.length, 2);
});

const userAgent = fingerprint.userAgent;
const dialects: readonly (readonly [string, Attributes])[] = [
  ['stable', { 'user_agent.original': userAgent, 'http.request.method': 'GET', 'url.path': '/api/v1/nodes' }],
  ['older', { 'http.user_agent': userAgent, 'http.method': 'GET', 'http.target': '/api/v1/nodes?limit=500' }],
];
for (const [name, attributes] of dialects) {
  test(`by fingerprint, ${name} attributes`, async () => {
    const root = span({ trace: theirs, kind: 'server', attributes });
    const key = Object.keys(attributes)[0]!;
    const search = ({ attributes: wanted }: SearchQuery): ReturnType<typeof foundSpans> =>
      wanted?.[key] === userAgent ? foundSpans(root) : { status: 'absent' };
    const [hasty] = await look({ search }, { keys: { ...keys, fingerprint } });
    assert.equal(outcome(hasty), 'absent');
    const [thorough] = await look({ search }, { keys: { ...keys, fingerprint }, thorough: true });
    assert.equal(outcome(thorough), 'fingerprint e1');
    const [only] = await look({ search }, { keys: { ...keys, auditID: null, fingerprint } });
    assert.equal(outcome(only), 'fingerprint e1');
  });
}

test('a fingerprint matches in every part; a link is preferred, then the closest in time', async () => {
  const attributes = dialects[0]![1];
  const at = (trace: string, nanos: bigint, more: Partial<Parameters<typeof span>[0]> = {}): ReturnType<typeof span> =>
    span({ trace, kind: 'server', attributes, start: epochNanos(startedAt + nanos), ...more });
  const noAudit = { keys: { ...keys, auditID: null, fingerprint } };
  const otherPath = at('e9', 1n, { attributes: { ...attributes, 'url.path': '/api/v1/pods' } });
  const otherService = at('e8', 1n, { service: 'gateway' });
  const [closest] = await look(
    { search: () => foundSpans(otherPath, otherService, at('e2', 9_000n), at('e1', 3_000n)) },
    noAudit,
  );
  assert.equal(outcome(closest), 'fingerprint e1');
  const links = [{ traceID: keys.traceID, spanID: keys.spanID, attributes: {} }];
  const [linked] = await look({ search: () => foundSpans(at('e1', 3_000n), at('e2', 9_000n, { links })) }, noAudit);
  assert.equal(outcome(linked), 'link e2');
  const others = [{ traceID: keys.traceID, spanID: spanID('c2'), attributes: {} }];
  const twins = [at('e1', 3_000n, { links: others }), at('e2', 9_000n, { links })];
  const [ownLink] = await look({ search: () => foundSpans(...twins) }, noAudit);
  assert.equal(outcome(ownLink), 'link e2');
  const [none] = await look({ search: () => foundSpans(otherPath, otherService) }, noAudit);
  assert.equal(outcome(none), 'absent');
});

test('a trace that arrives between two searches by Audit-ID is found by Audit-ID', async () => {
  const links = [{ traceID: keys.traceID, spanID: keys.spanID, attributes: {} }];
  const attributes = { ...dialects[0]![1], 'audit-id': 'audit-1' };
  const root = span({ trace: theirs, kind: 'server', attributes, links });
  const search = ({ attributes: wanted }: SearchQuery): ReturnType<typeof foundSpans> =>
    wanted?.['audit-id'] === undefined ? foundSpans(root) : { status: 'absent' };
  const [located] = await look({ search }, { keys: { ...keys, fingerprint }, thorough: true });
  assert.equal(outcome(located), 'audit-id e1');
});

test('an unavailable backend is not searched; one without search may still have the trace', async () => {
  const [away, asked] = await look({
    byID: () => ({ status: 'unavailable', message: 'connection refused', retryAfterMillis: 5 }),
  });
  assert.deepEqual(away, { status: 'unavailable', message: 'connection refused', retryAfterMillis: 5 });
  assert.deepEqual(order(asked), ['byID a1']);
  const [closed] = await look({ search: () => ({ status: 'failed', reason: 'BackendForbidden', message: '403' }) });
  assert.deepEqual(closed, { status: 'unavailable', message: '403' });
});

test('a known trace is fetched without other requests', async () => {
  const backend = scriptedBackend({ byID: () => foundSpans(span({ trace: theirs, service: 'etcd' })) });
  const known = { traceID: traceID(theirs), foundBy: 'audit-id' as const };
  const located = await locate(keys, backend, { now, known, thorough: true }, signal);
  assert.equal(outcome(located), 'audit-id e1');
  assert.deepEqual(order(backend.asked), ['byID e1']);
});
