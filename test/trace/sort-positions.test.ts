import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sortPositions } from '../../src/trace/sort-positions.ts';

const key = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(-(2 ** 53), 2 ** 53 - 1, 0.5));
const keys = fc.array(fc.tuple(key, key), { maxLength: 70 });

test('positions are sorted by their keys, then by the greatest second key, else they stay as they were', () => {
  fc.assert(
    fc.property(keys, fc.boolean(), fc.nat({ max: 5 }), (pairs, hasSecond, left) => {
      const first = Float64Array.from(pairs, ([one]) => one);
      const second = hasSecond ? Float64Array.from(pairs, ([, other]) => other) : undefined;
      const positions = Int32Array.from(pairs.keys()).reverse();
      const from = Math.min(left, positions.length);
      const sorted = [...positions.subarray(from)].sort(
        (a, b) => first[a]! - first[b]! || (second === undefined ? 0 : second[b]! - second[a]!),
      );
      const expected = [...positions.subarray(0, from), ...sorted];
      sortPositions(positions, from, positions.length, first, second);
      assert.deepEqual([...positions], expected);
    }),
  );
});
