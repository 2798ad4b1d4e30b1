import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { consistent, openWaitedTime } from '../../../src/process/waited-time.ts';
import { HERE } from '../../support/platforms.ts';

test('waiting for an event counts, and work does not', async () => {
  const waited = openWaitedTime(HERE);
  await delay(1);
  const before = waited();
  await delay(50);
  const between = waited();
  const end = process.cpuUsage().user + 50_000;
  while (process.cpuUsage().user < end);
  const work = waited() - between;
  const pause = between - before;
  assert.ok(work < pause / 2, `waited ${pause} ns in a pause of 50 ms, and ${work} ns while computing for 50 ms`);
});

test('a clock and a counter that the thread lost its CPU between are read again', () => {
  // The clock of each reading; the counter knows the time at which it is read.
  const readings = [1_000_000, 4_000_000, 4_010_000];
  let now = 0;
  const clock = (): number => (now = readings.shift() ?? NaN);
  assert.equal(
    consistent(clock, () => now),
    10_000,
  );
  assert.deepEqual(readings, []);
});

test('a thread that loses its CPU at each reading gets a difference anyway', () => {
  let now = 0;
  assert.equal(
    consistent(
      () => (now += 1_000_000),
      () => now,
    ),
    1_000_000,
  );
});
