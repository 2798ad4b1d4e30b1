import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { criticalPath } from '../../../../src/analysis/timing/critical-path.ts';
import { percentile } from '../../../../src/format/percentile.ts';
import { subTrace } from '../../../../src/analysis/assemble/sub-trace.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import { dirtySpans } from '../../../support/dirty-spans.ts';
import { drawTrace, named } from '../../../support/draw-trace.ts';

test('a span and its descendants form a trace rooted at that span', () => {
  const trace = drawTrace(`
    command     |--------------------|
      first      |------|
        below     |--|
      second             |--------|
        other             |--|
          deep             ||
  `);
  const { root, spans, duration, startedAt } = subTrace(trace, named(trace, 'second'));
  assert.equal(startedAt, trace.startedAt + 9n);
  assert.equal(duration, 9);
  assert.deepEqual(
    spans.map(({ span: { name }, index, depth, offset, parent }) => [name, index, depth, offset, parent?.span.name]),
    [
      ['second', 0, 0, 0, undefined],
      ['other', 1, 1, 1, 'second'],
      ['deep', 2, 2, 2, 'other'],
    ],
  );
  assert.deepEqual(root.children, [spans[1]]);
});

test('for any spans a sub-trace has the complete subtree in order, and a critical path of the same length', () => {
  fc.assert(
    fc.property(dirtySpans, fc.nat(), (inputs, choice) => {
      const trace = buildTrace(inputs);
      if (trace === undefined) return;
      const top = trace.spans[choice % trace.spans.length]!;
      const sub = subTrace(trace, top);
      const below = trace.spans.filter((span) => {
        for (let on: typeof top | undefined = span; on !== undefined; on = on.parent) if (on === top) return true;
        return false;
      });
      assert.deepEqual(
        sub.spans.map(({ span }) => span),
        below.map(({ span }) => span),
      );
      const path = criticalPath(sub).reduce((sum, { from, to }) => sum + to - from, 0);
      assert.equal(path, top.duration);
    }),
  );
});

test('a percentile is one of the values, by the nearest-rank method', () => {
  const values = [5, 1, 4, 2, 3];
  assert.deepEqual(
    [0, 0.5, 0.8, 0.81, 0.95, 1].map((part) => percentile(values, part)),
    [1, 3, 4, 5, 5, 5],
  );
  assert.equal(percentile([7], 0.5), 7);
  assert.ok(Number.isNaN(percentile([], 0.5)));
});
