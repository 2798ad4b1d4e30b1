import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { analyse } from '../../../../src/analysis/analyse.ts';
import { kubernetesRows } from '../../../../src/analysis/kubernetes/rows.ts';
import { foldFastSteps } from '../../../../src/analysis/rows/fast-steps.ts';
import type { RowNode } from '../../../../src/analysis/rows/row-node.ts';
import { waterfall, type Row } from '../../../../src/analysis/rows/waterfall.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import type { PlacedSpan, Trace } from '../../../../src/trace/trace.ts';
import { dirtySpans } from '../../../support/dirty-spans.ts';
import { span } from '../../../support/spans.ts';

const at = (nanos: number): ReturnType<typeof epochNanos> => epochNanos(1_795_478_400_000_000_000n + BigInt(nanos));

/** A root of 1,000 ms with steps one after the other, each with a span of the same time in it. */
function steps(...millis: readonly number[]): Trace {
  const spans = [span({ id: '1', start: at(0), end: at(1e9), name: 'root' })];
  let start = 0;
  for (const [index, duration] of millis.entries()) {
    const id = (index + 16).toString(16);
    const times = { start: at(start), end: at(start + duration * 1e6) };
    spans.push(span({ id, parent: '1', name: `step ${index}`, ...times }));
    spans.push(span({ id: `${id}00`, parent: id, name: `inner ${index}`, ...times }));
    start += duration * 1e6;
  }
  return buildTrace(spans.map((one) => ({ span: one, source: 'span', inferred: false }))) as Trace;
}

function rowsOf(trace: Trace, required: readonly PlacedSpan[] = []): readonly Row[] {
  return waterfall(foldFastSteps(kubernetesRows(trace), trace.duration, new Set(required)), analyse(trace)).rows;
}

const labels = (rows: readonly Row[]): string[] => rows.map(({ label, depth }) => `${depth} ${label[0]}`);

test('rows below 1 % fold into one, with all below them and their time', () => {
  const rows = rowsOf(steps(2, 500, 9, 10));
  assert.deepEqual(
    labels(rows).map((label) => label.replace('apiserver  ', '')),
    ['0 root', '1 step 1', '2 inner 1', '1 step 3', '2 inner 3', '1 … 4 fast steps'],
  );
  const folded = rows.at(-1);
  assert.equal(folded?.isFastSteps, true);
  assert.equal(folded.total, 11e6);
  // 2 ms at the beginning, and 9 ms after the long one.
  assert.deepEqual([folded.from, folded.to], [0, 511e6]);
});

test('one fast row without others below it stays as it is', () => {
  const spans = [
    span({ id: '1', start: at(0), end: at(1e9), name: 'root' }),
    span({ id: '2', parent: '1', start: at(0), end: at(1000), name: 'fast' }),
  ];
  const trace = buildTrace(spans.map((one) => ({ span: one, source: 'span', inferred: false }))) as Trace;
  assert.equal(rowsOf(trace).length, 2);
  assert.equal(rowsOf(trace).at(-1)?.isFastSteps, undefined);
});

test('a fast row that a finding names is drawn, with the rows on the way to it', () => {
  const trace = steps(2, 3, 500);
  const inner = trace.spans.filter(({ span: { name } }) => name === 'inner 1');
  const drawn = labels(rowsOf(trace, inner)).join('\n');
  assert.match(drawn, /step 1/);
  assert.match(drawn, /inner 1/);
  assert.doesNotMatch(drawn, /step 0/);
  assert.match(drawn, /… 2 fast steps/);
});

test('where more rows are long than a screen has, the shorter ones fold as well', () => {
  const rows = rowsOf(steps(...Array.from({ length: 40 }, (_, index) => 12 + index / 10)));
  assert.ok(rows.length <= 28, `${rows.length} rows`);
  assert.match(rows.at(-1)?.label[0] ?? '', /^… \d+ fast steps$/);
  const last = labels(rows).at(-2);
  assert.match(last ?? '', /inner 39/);
});

test('nothing that is long or named is lost, and every span is in one row', () => {
  fc.assert(
    fc.property(dirtySpans, fc.nat(), (inputs, pick) => {
      const trace = buildTrace(inputs);
      if (trace === undefined) return;
      const named = trace.spans[pick % trace.spans.length] as PlacedSpan;
      const root = kubernetesRows(trace);
      const folded = foldFastSteps(root, trace.duration, new Set([named]));
      const before = drawnSpans(root);
      const after = drawnSpans(folded);
      assert.deepEqual(sorted(after.all), sorted(before.all));
      assert.ok(!before.all.includes(named) || after.drawn.includes(named));
      const limit = after.rows <= 28 ? trace.duration * 0.01 : Infinity;
      for (const row of after.steps) assert.ok(row.children.length === 0 && row.steps!.length > 0);
      if (before.rows <= 28) {
        for (const one of before.drawn) {
          if (one.duration >= limit) assert.ok(after.drawn.includes(one), one.span.name);
        }
      }
    }),
  );
});

const sorted = (spans: readonly PlacedSpan[]): string[] => spans.map(({ spanID }) => spanID).toSorted();

interface Drawn {
  /** Spans with a row, or in one that stands for similar spans. */
  readonly drawn: PlacedSpan[];
  /** These, and those that folded. */
  readonly all: PlacedSpan[];
  readonly steps: RowNode[];
  rows: number;
}

function drawnSpans(root: RowNode): Drawn {
  const found: Drawn = { drawn: [], all: [], steps: [], rows: 0 };
  const waiting: { readonly node: RowNode; readonly isFast: boolean }[] = [{ node: root, isFast: false }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, isFast } = next;
    if (!isFast) found.rows++;
    if (node.steps !== undefined) {
      found.steps.push(node);
      for (const step of node.steps) waiting.push({ node: step, isFast: true });
      continue;
    }
    for (const one of node.spans) {
      found.all.push(one);
      if (!isFast) found.drawn.push(one);
    }
    for (const child of node.children) waiting.push({ node: child, isFast });
  }
  return found;
}
