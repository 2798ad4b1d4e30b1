import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildTrace } from '../../../src/trace/build.ts';
import type { Trace, TraceInput } from '../../../src/trace/trace.ts';
import { dirtySpans } from '../../support/dirty-spans.ts';

const holds = (check: (trace: Trace, inputs: readonly TraceInput[]) => void): void =>
  fc.assert(
    fc.property(dirtySpans, (inputs) => {
      check(buildTrace(inputs) as Trace, inputs);
    }),
    { numRuns: 1000 },
  );

test('every distinct span of any trace has one position', () => {
  holds((trace, inputs) => {
    const key = ({ span }: Pick<TraceInput, 'span'>): string => `${span.traceID} ${span.spanID} ${span.kind}`;
    const placed = trace.spans.filter((one) => !one.inferred).map(key);
    assert.deepEqual(placed.toSorted(), [...new Set(inputs.map(key))].toSorted());
  });
});

test('any spans become one tree: root first, parents before children, linked in both directions', () => {
  holds(({ root, spans }) => {
    assert.equal(spans[0], root);
    for (const [index, one] of spans.entries()) {
      assert.equal(one.index, index);
      assert.equal(one.parent === undefined, one === root);
      if (one.parent === undefined) continue;
      assert.ok(one.parent.index < index);
      assert.equal(one.depth, one.parent.depth + 1);
      assert.ok(one.parent.children.includes(one));
    }
  });
});

test('times are exact integers, no duration is negative, and siblings are in order', () => {
  holds(({ spans }) => {
    for (const { offset, duration, children } of spans) {
      assert.ok(Number.isSafeInteger(offset) && Number.isSafeInteger(duration) && duration >= 0);
      assert.ok(Number.isSafeInteger(offset + duration));
      const starts = children.map((child) => child.offset);
      assert.deepEqual(
        starts,
        starts.toSorted((a, b) => a - b),
      );
    }
  });
});

test('a span with a parent other than reported is marked as moved', () => {
  holds(({ spans, startedAt }) => {
    for (const { span, parent, offset, duration, moved, inferred } of spans) {
      const isSame =
        span.parentSpanID === parent?.spanID &&
        span.start === startedAt + BigInt(offset) &&
        span.end === span.start + BigInt(duration);
      if (!inferred) assert.equal(moved, !isSame);
    }
  });
});
