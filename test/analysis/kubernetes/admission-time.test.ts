import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admissionTime } from '../../../src/analysis/kubernetes/admission-time.ts';
import { buildTrace } from '../../../src/trace/build.ts';
import type { SpanEvent } from '../../../src/trace/span.ts';
import { between, epochNanos } from '../../../src/trace/time.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import { span, type SpanParts } from '../../support/spans.ts';

const START = 1_795_478_400_000_000_001n;
const at = (micros: number): ReturnType<typeof epochNanos> => epochNanos(START + BigInt(micros) * 1000n);
const event = (name: string, micros: number): SpanEvent => ({ name, time: at(micros), attributes: {} });

/** From and to in microseconds, of what is inferred. */
function gaps(spans: readonly (SpanParts & { readonly from: number; readonly to: number })[]): number[][] {
  const trace = buildTrace(
    spans.map(({ from, to, ...parts }) => ({
      span: span({ ...parts, start: at(from), end: at(to) }),
      source: 'span',
      inferred: false,
    })),
  ) as Trace;
  return admissionTime(trace).map(({ span: row, inferred }) => {
    assert.equal(inferred, true);
    return [between(at(0), row.start) / 1000, between(at(0), row.end) / 1000];
  });
}

test('a created object is admitted before and between the webhooks, until it is stored', () => {
  assert.deepEqual(
    gaps([
      { id: '1', name: 'Create', from: 0, to: 5000, events: [event('About to store object in database', 300)] },
      { id: '2', parent: '1', name: 'Call mutating webhook', from: 800, to: 2000 },
      { id: '3', parent: '1', name: 'Call validating webhook', from: 2050, to: 3000 },
      { id: '4', parent: '1', name: 'Create etcd3', from: 3200, to: 4000 },
    ]),
    [
      [300, 800],
      [3000, 3200],
    ],
  );
});

test('an updated object is admitted while the stored one is held', () => {
  assert.deepEqual(
    gaps([
      {
        id: '1',
        name: 'GuaranteedUpdate etcd3',
        from: 0,
        to: 3000,
        events: [event('initial value restored', 30), event('About to Encode', 410)],
      },
      { id: '2', parent: '1', name: 'etcdserverpb.KV/Txn', from: 450, to: 2900 },
    ]),
    [[30, 410]],
  );
});

test('nothing is inferred without the events, below another service, or of less than 100 µs', () => {
  const store = { id: '2', parent: '1', name: 'Create etcd3', from: 399, to: 900 };
  const create = { id: '1', name: 'Create', from: 0, to: 1000 };
  const events = [event('About to store object in database', 300)];
  assert.deepEqual(gaps([create, store]), []);
  assert.deepEqual(gaps([{ ...create, events, service: 'other' }, store]), []);
  assert.deepEqual(gaps([{ ...create, events }]), []);
  assert.deepEqual(gaps([{ ...create, events }, store]), []);
  assert.deepEqual(
    gaps([
      { ...create, events },
      { ...store, from: 400 },
    ]),
    [[300, 400]],
  );
});
