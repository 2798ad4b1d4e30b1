import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes } from '../../../../src/analysis/wording/bytes.ts';

const cases: readonly (readonly [bytes: number, text: string])[] = [
  [0, '0 B'],
  [389, '389 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [3482, '3.4 KiB'],
  [10_189, '10 KiB'],
  [1_048_524, '1.0 MiB'],
  [1_048_576, '1.0 MiB'],
  [50_331_648, '48 MiB'],
  [5_497_558_138_880, '5.0 TiB'],
  [5_629_499_534_213_120, '5120 TiB'],
];

for (const [bytes, text] of cases) {
  test(`${bytes} bytes are written as ${text}`, () => {
    assert.equal(formatBytes(bytes), text);
  });
}
