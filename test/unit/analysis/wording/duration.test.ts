import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDuration } from '../../../../src/analysis/wording/duration.ts';

const cases: readonly (readonly [nanos: number, text: string])[] = [
  [0, '0 ns'],
  [1, '1 ns'],
  [999, '999 ns'],
  [999.4, '999 ns'],
  [999.6, '1.00 µs'],
  [1_000, '1.00 µs'],
  [1_005, '1.01 µs'],
  [9_994, '9.99 µs'],
  [9_996, '10.0 µs'],
  [12_300, '12.3 µs'],
  [999_400, '999 µs'],
  [999_600, '1.00 ms'],
  [999_999, '1.00 ms'],
  [9_090_000, '9.09 ms'],
  [99_940_000, '99.9 ms'],
  [99_960_000, '100 ms'],
  [999_499_999, '999 ms'],
  [999_500_000, '1.00 s'],
  [4_900_000_000, '4.90 s'],
  [59_940_000_000, '59.9 s'],
  [59_995_000_000, '1m00s'],
  [60_000_000_000, '1m00s'],
  [65_400_000_000, '1m05s'],
  [125_000_000_000, '2m05s'],
  [3_599_400_000_000, '59m59s'],
  [3_599_600_000_000, '1h00m'],
  [7_199_000_000_000, '2h00m'],
  [90_060_000_000_000, '25h01m'],
  [-1_500_000, '-1.50 ms'],
  [Number.NaN, '—'],
  [Number.POSITIVE_INFINITY, '—'],
];

for (const [nanos, text] of cases) {
  test(`${nanos} ns is written as ${text}`, () => {
    assert.equal(formatDuration(nanos), text);
  });
}

const anyDuration = fc.oneof(
  fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  fc.double({ min: 0, max: 15.9, noNaN: true }).map((exponent) => Math.round(10 ** exponent)),
);

const UNITS: Readonly<Record<string, number>> = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 };

/** Nanoseconds of a written duration. */
function read(text: string): number {
  const [, first, second] = /^(\d+)m(\d\d)s$/.exec(text) ?? [];
  if (first !== undefined) return (Number(first) * 60 + Number(second)) * 1e9;
  const [, hours, minutes] = /^(\d+)h(\d\d)m$/.exec(text) ?? [];
  if (hours !== undefined) return (Number(hours) * 60 + Number(minutes)) * 60e9;
  const [, value, unit] = /^([\d.]+) (ns|µs|ms|s)$/.exec(text) ?? [];
  assert.ok(value !== undefined && unit !== undefined, text);
  return Number(value) * (UNITS[unit] as number);
}

test('a duration has three digits; from a minute on it is to the second, from an hour to the minute', () => {
  fc.assert(
    fc.property(anyDuration, (nanos) => {
      const off = Math.abs(read(formatDuration(nanos)) - nanos);
      const half = nanos >= 3_599.5e9 ? 30e9 : Math.max(nanos >= 59.95e9 ? 0.5e9 : 0, nanos * 0.005);
      assert.ok(off <= half * 1.000001, formatDuration(nanos));
    }),
    { numRuns: 2000 },
  );
});

test('a longer duration is never written as a shorter one', () => {
  fc.assert(
    fc.property(anyDuration, anyDuration, (a, b) => {
      const [short, long] = a < b ? [a, b] : [b, a];
      assert.ok(read(formatDuration(short)) <= read(formatDuration(long)) * 1.000001);
    }),
    { numRuns: 2000 },
  );
});

test('no duration of a trace is wider than its column', () => {
  fc.assert(
    fc.property(anyDuration, (nanos) => {
      assert.ok(formatDuration(nanos).length <= 8);
    }),
  );
});
