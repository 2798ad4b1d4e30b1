import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDuration, parseTimeout } from '../../../src/cli/duration.ts';

// Each as Go's time.ParseDuration reads it.
const readable: readonly (readonly [text: string, nanos: number])[] = [
  ['0', 0],
  ['+0', 0],
  ['0s', 0],
  ['30s', 30e9],
  ['1m30s', 90e9],
  ['500ms', 500e6],
  ['1.5h', 5400e9],
  ['.5s', 500e6],
  ['1.s', 1e9],
  ['3us', 3000],
  ['3µs', 3000],
  ['3μs', 3000],
  ['7ns', 7],
  ['-2m', -120e9],
  ['1s1s', 2e9],
  ['0.1ns', 0],
];
for (const [text, expected] of readable) {
  test(`${text} is ${expected} ns`, () => assert.equal(parseDuration(text), expected));
}

for (const text of [
  '',
  '-',
  '5',
  '1.5',
  's',
  '.s',
  '1 s',
  '1S',
  '1d',
  '30sec',
  's30',
  'true',
  '1e3s',
  '0x10s',
  '--1s',
  '300y',
]) {
  test(`"${text}" is not a duration`, () => assert.equal(parseDuration(text), undefined));
}

test('a value that does not fit into 64 bits is not a duration', () => {
  assert.equal(parseDuration('2562047h47m16s'), 9223372036000000000);
  assert.equal(parseDuration('2562047h47m17s'), undefined);
});

test('a duration is the sum of its parts', () => {
  const part = fc.tuple(fc.integer({ min: 0, max: 9999 }), fc.constantFrom('ns', 'us', 'ms', 's', 'm'));
  const size: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9 };
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const text = parts.map(([value, unit]) => `${value}${unit}`).join('');
      assert.equal(
        parseDuration(text),
        parts.reduce((sum, [value, unit]) => sum + value * size[unit]!, 0),
      );
    }),
  );
});

test('a fraction is truncated to nanoseconds, without binary rounding errors', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999 }), fc.integer({ min: 0, max: 1000 }), (fraction, whole) => {
      const digits = String(fraction).padStart(9, '0');
      assert.equal(parseDuration(`${whole}.${digits}s`), whole * 1e9 + fraction);
      assert.equal(parseDuration(`${whole}.${digits}99s`), whole * 1e9 + fraction);
    }),
  );
});

test('any text is either a duration or not, and never throws', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const value = parseDuration(text);
      assert.ok(value === undefined || Number.isInteger(value));
    }),
  );
});

test('a timeout may be a whole number of seconds', () => {
  assert.equal(parseTimeout('5'), 5e9);
  assert.equal(parseTimeout('0'), 0);
  assert.equal(parseTimeout('1m'), 60e9);
  assert.equal(parseTimeout('1.5'), undefined);
});
