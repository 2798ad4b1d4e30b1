import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReceivedBytes } from '../../../../src/kube/http/received-bytes.ts';
import { epochNanos, type EpochNanos } from '../../../../src/trace/time.ts';

const at = (micros: number): EpochNanos => epochNanos(1_795_478_400_000_000_000n + BigInt(micros) * 1000n);

/** Microseconds of the tenths, of `count` parts of 100 bytes. */
function tenths(count: number, micros: (index: number) => number): readonly number[] | undefined {
  const received = new ReceivedBytes();
  for (let index = 0; index < count; index++) received.add(at(micros(index)), 100);
  return received.tenths(at(0))?.map((time) => time / 1000);
}

test('a tenth is in with the part that completes it', () => {
  assert.deepEqual(
    tenths(20, (index) => index * 10),
    [10, 30, 50, 70, 90, 110, 130, 150, 170],
  );
});

test('a response of few parts has none', () => {
  assert.equal(
    tenths(9, (index) => index),
    undefined,
  );
});

test('of many parts, some are remembered', () => {
  const found = tenths(100_000, (index) => index) ?? [];
  assert.equal(found.length, 9);
  for (const [index, time] of found.entries()) {
    const exact = (index + 1) * 10_000;
    assert.ok(time >= exact - 1 && time < exact + 200, `${time} for ${exact}`);
  }
});

test('one part with nearly all bytes completes several tenths', () => {
  const received = new ReceivedBytes();
  for (let index = 0; index < 10; index++) received.add(at(index), index === 4 ? 991 : 1);
  assert.deepEqual(
    received.tenths(at(0)),
    Array.from({ length: 9 }, () => 4000),
  );
});
