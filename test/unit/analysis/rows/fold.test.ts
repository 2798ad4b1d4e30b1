import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { analyse } from '../../../../src/analysis/analyse.ts';
import { hasFailed } from '../../../../src/analysis/attributes.ts';
import { foldRows, withAncestors } from '../../../../src/analysis/rows/fold.ts';
import { kubernetesRows } from '../../../../src/analysis/kubernetes/rows.ts';
import { waterfall, type Row } from '../../../../src/analysis/rows/waterfall.ts';
import type { RowNode } from '../../../../src/analysis/rows/row-node.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import type { Span } from '../../../../src/trace/span.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import type { PlacedSpan, Trace } from '../../../../src/trace/trace.ts';
import { dirtySpans } from '../../../support/dirty-spans.ts';
import { span } from '../../../support/spans.ts';

const at = (nanos: number): ReturnType<typeof epochNanos> => epochNanos(1_795_478_400_000_000_000n + BigInt(nanos));

interface Call {
  readonly duration: number;
  readonly name?: string;
  readonly parts?: Partial<Span>;
}

/** A root with calls one after the other, and an etcd span in each. */
function calls(all: readonly Call[]): Trace {
  const spans = [span({ id: '1', start: at(0), end: at(1e9) })];
  let start = 0;
  for (const [index, { duration, name = 'etcdserverpb.KV/Range', parts = {} }] of all.entries()) {
    const id = (index + 16).toString(16);
    const times = { start: at(start), end: at(start + duration) };
    spans.push(span({ id, parent: '1', kind: 'client', name, ...times, ...parts }));
    spans.push(span({ id: `${id}00`, parent: id, kind: 'server', service: 'etcd', name, ...times }));
    start += duration;
  }
  return buildTrace(spans.map((one) => ({ span: one, source: 'span', inferred: false }))) as Trace;
}

function rowsOf(trace: Trace, kept: readonly PlacedSpan[] = []): readonly Row[] {
  return waterfall(foldRows(kubernetesRows(trace), withAncestors(kept)), analyse(trace)).rows;
}

const labels = (rows: readonly Row[]): string[] => rows.slice(1).map(({ label, depth }) => `${depth} ${label[0]}`);
const repeat = (count: number, duration: number): Call[] => Array.from({ length: count }, () => ({ duration }));

test('five similar rows fold into one with their range and sum', () => {
  const rows = rowsOf(calls([...repeat(47, 400_000), { duration: 700_000 }]));
  assert.deepEqual(labels(rows), ['1 ×48 KV/Range 400–700 µs, Σ 19.5 ms']);
  assert.deepEqual(rows[1]?.label.slice(1), ['×48 KV/Range 400–700 µs', '×48 KV/Range']);
});

test('a folded row has the times of all its members', () => {
  const [, row] = rowsOf(calls(repeat(5, 1000)));
  assert.deepEqual([row?.from, row?.to, row?.total, row?.self], [0, 5000, 5000, 5000]);
  assert.equal(row?.own.length, 5);
});

test('four similar rows are not folded', () => {
  assert.equal(rowsOf(calls(repeat(4, 1000))).length, 9);
});

test('the longest of similar rows keeps its row and subtree if it took more than twice the median', () => {
  assert.deepEqual(labels(rowsOf(calls([...repeat(5, 1000), { duration: 2000 }]))), [
    '1 ×6 KV/Range 1.00–2.00 µs, Σ 7.00 µs',
  ]);
  assert.deepEqual(labels(rowsOf(calls([...repeat(5, 1000), { duration: 2001 }]))), [
    '1 ×5 KV/Range 1.00 µs, Σ 5.00 µs',
    '1 KV/Range, to etcd and back',
    '2 etcd  etcdserverpb.KV/Range'.replace('etcdserverpb.', ''),
  ]);
});

test('a failure, or a row with a failure below it, is not folded', () => {
  const trace = calls([...repeat(5, 1000), { duration: 1000, parts: { status: { code: 'error' } } }]);
  const failed = trace.spans.filter((one) => hasFailed(one.span));
  assert.equal(labels(rowsOf(trace, failed))[0], '1 ×5 KV/Range 1.00 µs, Σ 5.00 µs');
  const below = calls(repeat(6, 1000));
  const rows = rowsOf(below, [below.spans[4] as PlacedSpan]);
  assert.equal(rows.filter(({ spans }) => spans.includes(below.spans[4] as PlacedSpan)).length, 1);
});

test('different names, kinds, services or webhooks are not folded together', () => {
  const webhook = (name: string): Call => ({
    duration: 1000,
    name: 'Call mutating webhook',
    parts: { kind: 'internal', attributes: { webhook: name } },
  });
  const rows = rowsOf(calls(['a', 'b', 'c', 'd', 'e'].map(webhook)));
  assert.equal(rows.filter(({ depth }) => depth === 1).length, 5);
  const same = rowsOf(calls(Array.from({ length: 5 }, () => webhook('a'))));
  assert.deepEqual(labels(same), ['1 ×5 a 1.00 µs, Σ 5.00 µs']);
});

function spansOf(node: RowNode): PlacedSpan[] {
  const all: PlacedSpan[] = [];
  const stack = [node];
  for (let one = stack.pop(); one !== undefined; one = stack.pop()) {
    all.push(...one.spans, ...(one.repeated?.below ?? []));
    stack.push(...one.children);
  }
  return all;
}

test('every span of any trace is in exactly one row, and rows that must stay visible are never folded', () => {
  fc.assert(
    fc.property(dirtySpans, fc.integer({ min: 1, max: 12 }), fc.boolean(), (inputs, copies, failing) => {
      // Siblings that are alike, so that there is something to fold.
      const more = inputs.flatMap((input) =>
        Array.from({ length: copies }, (_, index) => ({
          ...input,
          span: {
            ...input.span,
            spanID: `${input.span.spanID.slice(0, 13)}${(index + 100).toString(16).padStart(3, '0')}` as Span['spanID'],
          },
        })),
      );
      const trace = buildTrace([...inputs, ...more]) as Trace;
      const kept = failing ? trace.spans.filter(({ index }) => index % 7 === 0) : [];
      const root = foldRows(kubernetesRows(trace), withAncestors(kept));
      const placed = spansOf(root);
      assert.equal(placed.length, trace.spans.length);
      assert.equal(new Set(placed).size, trace.spans.length);
      const stack = [root];
      for (let one = stack.pop(); one !== undefined; one = stack.pop()) {
        stack.push(...one.children);
        if (one.repeated === undefined) continue;
        assert.ok(one.spans.length >= 5);
        for (const placedSpan of [...one.spans, ...one.repeated.below]) assert.ok(!kept.includes(placedSpan));
      }
    }),
  );
});

test('100,000 similar spans, each with a child, are three rows', () => {
  const rows = rowsOf(calls([...repeat(50_000, 100), { duration: 201 }]));
  assert.equal(rows.length, 4);
});
