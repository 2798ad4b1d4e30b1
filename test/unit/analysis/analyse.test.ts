import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { analyse, type Analysis } from '../../../src/analysis/analyse.ts';
import { kubernetesRows } from '../../../src/analysis/kubernetes/rows.ts';
import { waterfall } from '../../../src/analysis/rows/waterfall.ts';
import { buildTrace } from '../../../src/trace/build.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import { dirtySpans } from '../../support/dirty-spans.ts';
import { drawTrace, named } from '../../support/draw-trace.ts';

const holds = (check: (analysis: Analysis) => void): void =>
  fc.assert(
    fc.property(dirtySpans, (inputs) => {
      check(analyse(buildTrace(inputs) as Trace));
    }),
    { numRuns: 1000 },
  );

test('critical path sections cover the root from start to end without gaps', () => {
  holds(({ criticalPath, trace: { root, duration } }) => {
    let at: number = root.offset;
    for (const { from, to } of criticalPath) {
      assert.equal(from, at);
      assert.ok(to > from);
      at = to;
    }
    assert.equal(at, root.offset + duration);
  });
});

test('a critical path section lies inside its span, in time not covered by blocking children', () => {
  holds(({ criticalPath }) => {
    for (const { span, from, to } of criticalPath) {
      assert.ok(span.offset <= from && to <= span.offset + span.duration);
    }
    for (const [index, { span }] of criticalPath.entries()) assert.notEqual(span, criticalPath[index + 1]?.span);
  });
});

test('component times add up to the duration, and so do the parts of each component', () => {
  holds(({ componentTimes, trace }) => {
    let total = 0;
    for (const { nanos, spans } of componentTimes) {
      assert.equal(
        spans.reduce((sum, one) => sum + one.nanos, 0),
        nanos,
      );
      total += nanos;
    }
    assert.equal(total, trace.duration);
    assert.equal(new Set(componentTimes.map(({ component }) => component)).size, componentTimes.length);
  });
});

test('self times are between zero and the duration', () => {
  holds(({ self, trace: { spans } }) => {
    assert.equal(self.length, spans.length);
    for (const [index, { duration }] of spans.entries()) {
      const own = self[index] ?? -1;
      assert.ok(own >= 0 && own <= duration);
    }
  });
});

test('every span is in one row, and the axis covers every row except those marked as off the axis', () => {
  holds((analysis) => {
    const { rows, from, to } = waterfall(kubernetesRows(analysis.trace), analysis);
    const indices = rows.flatMap(({ spans }) => spans.map(({ index }) => index));
    assert.deepEqual(
      indices.toSorted((a, b) => a - b),
      analysis.trace.spans.map(({ index }) => index),
    );
    for (const row of rows) {
      assert.ok(row.from <= row.to);
      const side = row.from > to ? 'after' : row.to < from ? 'before' : undefined;
      assert.equal(row.beyond, side);
      if (side === undefined) assert.ok(from <= row.from && row.to <= to);
    }
  });
});

test('an ancestor of a critical path span is on the path', () => {
  const analysis = analyse(
    drawTrace(`
      root    |--------|
        a     |--------|
          b   |--------|
        c       |---|
    `),
  );
  const isOn = (name: string): boolean => analysis.onCriticalPath.has(named(analysis.trace, name).index);
  assert.deepEqual(['root', 'a', 'b', 'c'].map(isOn), [true, true, true, false]);
});
