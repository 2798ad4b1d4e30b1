import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sortPositions } from '../../../../src/trace/index/sort-positions.ts';

const small = fc.integer({ min: -3, max: 3 });
const time = fc.oneof(small, fc.integer({ min: -1_000_000_000_000, max: 4_000_000_000_000 }));
/** As far apart as can be, and what is no integer. */
const any = fc.oneof(small, time, fc.constantFrom(-(2 ** 53), 1 - 2 ** 53, 2 ** 53 - 1, 0.5));
const keys = fc.oneof(
  fc.array(fc.tuple(any, any), { maxLength: 70 }),
  fc.array(fc.tuple(time, small), { minLength: 60, maxLength: 400 }),
  fc.array(fc.tuple(any, any), { minLength: 64, maxLength: 200 }),
);

test('positions are sorted by key, then by descending second key, and otherwise keep their order', () => {
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
