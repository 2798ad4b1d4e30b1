import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplingEvidence } from '../../../../src/backend/find/evidence.ts';
import { decodeJaeger } from '../../../../src/codec/jaeger/jaeger.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import { foundSpans, scriptedBackend } from '../../../support/scripted-backend.ts';
import { span } from '../../../support/spans.ts';
import { fixture } from '../fixture.ts';

const now = epochNanos(1_795_478_400_000_000_000n);
const signal = new AbortController().signal;

test('traces that the server started on its own are counted', async () => {
  const spans = decodeJaeger(JSON.parse(fixture('auth-v1.json')))!.spans;
  const backend = scriptedBackend({ search: () => foundSpans(...spans) });
  assert.deepEqual(await samplingEvidence(backend, { now, minor: 37 }, signal), { status: 'counted', roots: 2 });
  assert.deepEqual(backend.asked, [
    {
      how: 'search',
      query: {
        service: 'apiserver',
        operation: 'authentication',
        from: epochNanos(now - 3_600_000_000_000n),
        to: now,
        limit: 20,
      },
    },
  ]);
});

test("up to Kubernetes 1.32 the span is below the request's own span, which is the evidence", async () => {
  const request = span({ kind: 'server' });
  const authentication = span({ id: '2', name: 'authentication', parent: '1' });
  const old = scriptedBackend({ search: () => foundSpans(request, authentication) });
  assert.deepEqual(await samplingEvidence(old, { now, minor: 32 }, signal), { status: 'counted', roots: 1 });
  assert.equal(old.asked[0]?.query?.operation, undefined);
  assert.deepEqual(await samplingEvidence(old, { now, minor: 33 }, signal), { status: 'counted', roots: 0 });
});

test('a trace that continues another client’s does not count', async () => {
  const backend = scriptedBackend({ search: () => foundSpans(span({ name: 'authentication', parent: '7' })) });
  assert.deepEqual(await samplingEvidence(backend, { now, minor: 37 }, signal), { status: 'counted', roots: 0 });
});

test('each API server of the cluster is searched', async () => {
  const backend = scriptedBackend({
    search: ({ attributes }) =>
      attributes?.['service.instance.id'] === 'one'
        ? foundSpans(span({ name: 'authentication' }))
        : { status: 'absent' },
  });
  assert.deepEqual(await samplingEvidence(backend, { now, minor: 37, instanceIDs: ['one', 'two'] }, signal), {
    status: 'counted',
    roots: 1,
  });
  assert.deepEqual(await samplingEvidence(backend, { now, minor: null, instanceIDs: ['two'] }, signal), {
    status: 'counted',
    roots: 0,
  });
});

test('a backend that does not respond gives no evidence either way', async () => {
  const away = scriptedBackend({ search: () => ({ status: 'unavailable', message: 'connection refused' }) });
  const wrong = scriptedBackend({ search: () => ({ status: 'failed', reason: 'X', message: 'not Jaeger' }) });
  assert.deepEqual(await samplingEvidence(away, { now, minor: 37 }, signal), {
    status: 'unavailable',
    message: 'connection refused',
  });
  assert.deepEqual(await samplingEvidence(wrong, { now, minor: 37 }, signal), {
    status: 'unavailable',
    message: 'not Jaeger',
  });
});
