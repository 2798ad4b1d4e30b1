import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openWaitedTime } from '../../../src/process/waited-time.ts';

test('waiting for an event counts, and work does not', async () => {
  const waited = openWaitedTime();
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
