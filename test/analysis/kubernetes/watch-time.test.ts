import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchTime } from '../../../src/analysis/kubernetes/watch-time.ts';
import { buildTrace } from '../../../src/trace/build.ts';
import { between, epochNanos } from '../../../src/trace/time.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import { span, type SpanParts } from '../../support/spans.ts';

const START = 1_795_478_400_000_000_001n;
const at = (micros: number): ReturnType<typeof epochNanos> => epochNanos(START + BigInt(micros) * 1000n);

/** From and to in microseconds, of what is inferred. */
function open(spans: readonly (SpanParts & { readonly from: number; readonly to: number })[]): number[][] {
  const trace = buildTrace(
    spans.map(({ from, to, ...parts }) => ({
      span: span({ ...parts, start: at(from), end: at(to) }),
      source: 'span',
      inferred: false,
    })),
  ) as Trace;
  return watchTime(trace).map(({ span: row, inferred }) => {
    assert.equal(inferred, true);
    return [between(at(0), row.start) / 1000, between(at(0), row.end) / 1000];
  });
}

const filter = { id: '1', name: 'authorization', from: 0, to: 5000 };
const watch = { id: '2', parent: '1', name: 'cacher.Watch', from: 100, to: 130 };

test('a watch is open from when it was set up until its filter ends', () => {
  assert.deepEqual(open([filter, watch]), [[130, 5000]]);
});

test('nothing is inferred of a list, of a watch that ended at once, or where something follows', () => {
  assert.deepEqual(open([filter, { ...watch, name: 'List' }]), []);
  assert.deepEqual(open([{ ...filter, to: 130 }, watch]), []);
  assert.deepEqual(open([filter, watch, { id: '3', parent: '1', name: 'List', from: 200, to: 300 }]), []);
});
