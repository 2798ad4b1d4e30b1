import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { KERNEL_RANDOM, openRandom } from '../../../src/process/random.ts';
import type { RandomBytes } from '../../../src/trace/ids.ts';
import { folderOf } from '../kube/folder.ts';

/** More than is read at once, in sizes that do not divide it. */
const SIZES = [16, 8, 32, 0, 1, 7, 255, 256, 257, 1000, ...Array.from({ length: 100 }, () => 24)];

function assertRandom(random: RandomBytes): void {
  const taken = SIZES.map((size) => random(size));
  assert.deepEqual(
    taken.map(({ length }) => length),
    SIZES,
  );
  const long = taken.filter(({ length }) => length >= 16).map((bytes) => Buffer.from(bytes).toString('hex'));
  assert.equal(new Set(long).size, long.length);
  // Eight equal bytes in a row: once in 2^56.
  assert.doesNotMatch(long.join('\n'), /\b(?:..)*?(..)\1{7}/);
}

test('random: as many bytes as are wanted, none of them twice', () => assertRandom(openRandom(KERNEL_RANDOM)));

test('random: an array does not change when others are taken', () => {
  const random = openRandom(KERNEL_RANDOM);
  const first = random(16);
  const before = Buffer.from(first).toString('hex');
  for (let i = 0; i < 100; i++) random(16).fill(0);
  assert.equal(Buffer.from(first).toString('hex'), before);
});

test('random: without a device, and with an ordinary file or folder in its place', async (context) => {
  const folder = await folderOf(context, {});
  const file = join(folder, 'zeros');
  writeFileSync(file, Buffer.alloc(4096));
  for (const device of [join(folder, 'missing'), file, folder]) assertRandom(openRandom(device));
});

test('random: a device that ends early is not used', () => assertRandom(openRandom('/dev/null')));
