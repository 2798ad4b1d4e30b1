import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, beforeEach } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TraceBackend } from '../../../src/backend/backend.ts';
import { samplingEvidence } from '../../../src/backend/find/evidence.ts';
import { locate } from '../../../src/backend/find/locate.ts';
import { openBackend } from '../../../src/backend/registry.ts';
import { parseBackendSpec } from '../../../src/backend/spec.ts';
import type { Clock } from '../../../src/runtime.ts';
import { newSpanID, newTraceID } from '../../../src/trace/ids.ts';
import type { Span } from '../../../src/trace/span.ts';
import { epochNanos } from '../../../src/trace/time.ts';
import type { ContextName } from '../../lab/cluster/cluster.ts';
import { sharedCluster } from '../../lab/cluster/shared.ts';

const cluster = sharedCluster({ jaegerBasePath: '/jaeger' });
const random = (size: number): Uint8Array => randomBytes(size);
const clock: Clock = {
  now: () => epochNanos(BigInt(Date.now()) * 1_000_000n),
  sleep: (millis, stop) => sleep(millis, undefined, stop === undefined ? {} : { signal: stop }),
};

const open = (url: string, through: typeof fetch = fetch): TraceBackend =>
  openBackend(parseBackendSpec(url), { fetch: through, random, clock });

/** As a Jaeger without api_v3 answers: with its web page. */
const onlyV1: typeof fetch = (url, init) =>
  (url instanceof Request ? url.url : url.toString()).includes('/api/v3/')
    ? Promise.resolve(new Response('<!doctype html>'))
    : fetch(url, init);

/** The time of one test, counted from its own beginning: the servers may have to be built first. */
let signal = AbortSignal.timeout(0);
beforeEach(() => {
  signal = AbortSignal.timeout(60_000);
});

async function until<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const value = await attempt();
    if (value !== undefined) return value;
    await sleep(50);
  }
}

const spansOf = (backend: TraceBackend, traceID: ReturnType<typeof newTraceID>): Promise<readonly Span[]> =>
  until(async () => {
    const lookup = await backend.byID(traceID, signal);
    assert.notEqual(lookup.status, 'failed');
    return lookup.status === 'found' ? lookup.spans : undefined;
  });

test('spans sent as OTLP come back from api_v3, and in microseconds from v1', async () => {
  const traceID = newTraceID(random);
  const link = { traceId: newTraceID(random), spanId: newSpanID(random) };
  const start = BigInt(Date.now()) * 1_000_000n;
  const span = {
    traceId: traceID,
    spanId: newSpanID(random),
    parentSpanId: newSpanID(random),
    name: 'GET /cart',
    kind: 2,
    startTimeUnixNano: String(start + 123n),
    endTimeUnixNano: String(start + 250_000_456n),
    status: { code: 2, message: 'boom' },
    attributes: [
      { key: 'text', value: { stringValue: 'a' } },
      { key: 'large', value: { intValue: '9223372036854775807' } },
      { key: 'small', value: { intValue: '-5' } },
      { key: 'half', value: { doubleValue: 0.5 } },
      { key: 'flag', value: { boolValue: true } },
      { key: 'bytes', value: { bytesValue: 'AQID' } },
    ],
    events: [
      {
        timeUnixNano: String(start + 1_789n),
        name: 'sent',
        attributes: [{ key: 'size', value: { intValue: '3' } }],
      },
    ],
    links: [link],
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
  const scopeSpans = [{ scope: { name: 'example', version: '1.2.3' }, spans: [span] }];
  const sent = await fetch(`${cluster().otlpURL}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] }),
  });
  assert.equal(sent.status, 200);

  const [fine] = await spansOf(open(cluster().backendURL), traceID);
  const links = [{ traceID: link.traceId, spanID: link.spanId, attributes: {} }];
  const expected = {
    traceID,
    spanID: span.spanId,
    parentSpanID: span.parentSpanId,
    name: 'GET /cart',
    kind: 'server',
    start: start + 123n,
    end: start + 250_000_456n,
    status: { code: 'error', message: 'boom' },
    attributes: {
      text: 'a',
      large: 9223372036854775807n,
      small: -5,
      half: 0.5,
      flag: true,
      bytes: new Uint8Array([1, 2, 3]),
    },
    events: [{ time: start + 1_789n, name: 'sent', attributes: { size: 3 } }],
    // Jaeger 1.x keeps its own type of a reference as an attribute.
    links: links.map((one) => ({ ...one, attributes: { 'opentracing.ref_type': 'follows_from' } })),
    resource: { service: 'shop', attributes: { 'service.name': 'shop' } },
    scope: { name: 'example', version: '1.2.3' },
  };
  assert.deepEqual(fine, expected);

  const [coarse] = await spansOf(open(cluster().backendURL, onlyV1), traceID);
  assert.deepEqual(coarse, {
    ...expected,
    start,
    end: start + 250_000_000n,
    events: [{ time: start + 1_000n, name: 'sent', attributes: { size: 3 } }],
    links,
  });
});

test('a trace that was never sent is absent, in either API', async () => {
  for (const through of [fetch, onlyV1]) {
    assert.deepEqual(await open(cluster().backendURL, through).byID(newTraceID(random), signal), { status: 'absent' });
  }
});

test('a missing base path is detected, unless the kind was given: then the error names the paths to try', async () => {
  const above = cluster().backendURL.replace(/\/jaeger$/, '');
  const found = open(above);
  assert.deepEqual(await found.byID(newTraceID(random), signal), { status: 'absent' });
  assert.deepEqual([found.kind, found.url], ['jaeger', cluster().backendURL]);
  const lookup = await open(`jaeger=${above}`).byID(newTraceID(random), signal);
  assert.equal(lookup.status, 'failed');
  assert.match(lookup.hint ?? '', /\/jaeger\b/);
});

const callers: readonly (readonly [ContextName, number, string])[] = [
  ['masters', 200, 'trace-id'],
  ['admin', 200, 'audit-id'],
  ['wrong-token', 401, 'audit-id'],
];
for (const [user, status, foundBy] of callers) {
  test(`a request of ${user} is found by ${foundBy}`, async () => {
    const [traceID, spanID] = [newTraceID(random), newSpanID(random)];
    const startedAt = clock.now();
    const headers = { traceparent: `00-${traceID}-${spanID}-01`, 'audit-id': `audit-${spanID}` };
    const answer = await cluster().call('GET', '/api/v1/nodes', { user, headers });
    assert.equal(answer.status, status);
    const keys = { traceID, spanID, auditID: `audit-${spanID}`, startedAt };
    const backend = open(cluster().backendURL);
    const located = await until(async () => {
      const one = await locate(keys, backend, { now: clock.now() }, signal);
      return one.status === 'found' ? one : undefined;
    });
    assert.equal(located.foundBy, foundBy);
    assert.equal(located.traceID === traceID, foundBy === 'trace-id');
  });
}

test('the server’s own sampling leaves evidence', async () => {
  const backend = open(cluster().backendURL);
  const query = { now: clock.now(), minor: 37 };
  const evidence = await samplingEvidence(backend, query, signal);
  assert.ok(evidence.status === 'counted' && evidence.roots > 0);
  assert.deepEqual(await samplingEvidence(backend, { ...query, instanceIDs: ['another'] }, signal), {
    status: 'counted',
    roots: 0,
  });
});
