import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { epochNanos, nanos } from '../../../../../src/trace/time.ts';
import { auditRows } from '../../../../../src/tracing/source/audit/rows.ts';
import { nodesRequest } from '../../../../support/reports.ts';
import { traceID } from '../../../../support/spans.ts';

const MILLION = 1_000_000;

/** `name from–to precision`, in milliseconds, of a request of 700 ms with these layers. */
function told(layers: Readonly<Record<string, number>>, mutating: readonly string[] = []): string[] {
  const event = {
    auditID: 'c6115119-0a1b-4c2d-8e3f-0123456789ab',
    received: epochNanos(0n),
    ended: epochNanos(BigInt(700 * MILLION)),
    latencies: new Map(Object.entries(layers).map(([key, millis]) => [key, nanos(millis * MILLION)])),
    mutating,
  };
  const rows = auditRows(event, nodesRequest, traceID('a1'));
  const [root] = rows;
  for (const { span } of rows.slice(1)) assert.equal(span.parentSpanID, root?.span.spanID);
  assert.equal(root?.span.parentSpanID, nodesRequest.spanID);
  return rows.map(
    ({ span, precision }) => `${span.name} ${Number(span.start) / MILLION}–${Number(span.end) / MILLION} ${precision}`,
  );
}

suite('the rows of an audit event', () => {
  const root = `${nodesRequest.method} ${nodesRequest.path} 0–700 exact`;

  test('are the time as a whole below 500 ms, of which nothing else is known', () => {
    assert.deepEqual(told({}), [root, 'apiserver, webhooks, etcd (inferred) 0–700 inferred']);
  });

  test('are layers of which the length is known, and the rest', () => {
    const layers = {
      total: 700,
      'validating-webhook': 50,
      'mutating-webhook': 500,
      authorization: 1,
      'response-write': 5,
    };
    assert.deepEqual(told(layers, ['slow.example.com']), [
      root,
      'authorization (length only) 0–1 length-only',
      'mutating webhooks: slow.example.com (length only) 1–501 length-only',
      'validating webhooks, the slowest (length only) 501–551 length-only',
      'the rest: apiserver, etcd (inferred) 551–700 inferred',
    ]);
  });

  test('leave out a layer that does not fit: times of layers may overlap', () => {
    assert.deepEqual(told({ etcd: 600, 'serialize-response-object': 300 }), [
      root,
      'etcd, reads (length only) 0–600 length-only',
      'the rest: apiserver, etcd (inferred) 600–700 inferred',
    ]);
  });
});
