import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { untilDeadline, withDeadline } from '../../src/deadline.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** Work of this duration, which ends early when its signal aborts. */
const working = (clock: FakeClock, millis: number, signal: AbortSignal): Promise<string> =>
  clock.sleep(millis, signal).then(
    () => 'done',
    () => 'aborted',
  );

suite('work with a deadline', () => {
  const unused = new AbortController().signal;

  test('has its own result if it ends before, and leaves no timer behind', async () => {
    const clock = new FakeClock();
    assert.equal(await withDeadline(clock, 1000, unused, (signal) => working(clock, 999, signal)), 'done');
    await clock.sleep(1);
    assert.equal(clock.millis, 1000);
  });

  test('is aborted at the deadline, and can tell that from an interrupt', async () => {
    const clock = new FakeClock();
    const result = await withDeadline(clock, 1000, unused, async (signal, late) => {
      const end = await working(clock, 5000, signal);
      return { end, isLate: late.aborted };
    });
    assert.deepEqual(result, { end: 'aborted', isLate: true });
    assert.equal(clock.millis, 1000);
  });

  test('is aborted by an interrupt, which is not late', async () => {
    const clock = new FakeClock();
    const interrupted = new AbortController();
    void clock.sleep(300).then(() => interrupted.abort());
    const result = await withDeadline(clock, 1000, interrupted.signal, async (signal, late) => {
      const end = await working(clock, 5000, signal);
      return { end, isLate: late.aborted };
    });
    assert.deepEqual(result, { end: 'aborted', isLate: false });
    assert.equal(clock.millis, 300);
  });

  test('of Infinity is never late', async () => {
    const clock = new FakeClock();
    assert.equal(await withDeadline(clock, Infinity, unused, (signal) => working(clock, 1e9, signal)), 'done');
    assert.deepEqual(clock.sleeps, [1e9]);
  });

  test('that fails rejects, and leaves no timer behind', async () => {
    const clock = new FakeClock();
    await assert.rejects(
      withDeadline(clock, 1000, unused, () => Promise.reject(new Error('broken'))),
      /broken/,
    );
    await clock.sleep(10);
    assert.equal(clock.millis, 10);
  });
});

suite('waiting for work that goes on', () => {
  test('ends with its result, at the deadline, or when interrupted', async () => {
    const clock = new FakeClock();
    const work = clock.sleep(500).then(() => 'done');
    assert.equal(await untilDeadline(clock, 100, work), undefined);
    assert.equal(clock.millis, 100);
    const interrupted = new AbortController();
    void clock.sleep(100).then(() => interrupted.abort());
    assert.equal(await untilDeadline(clock, 1000, work, interrupted.signal), undefined);
    assert.equal(clock.millis, 200);
    assert.equal(await untilDeadline(clock, 1000, work), 'done');
    assert.equal(clock.millis, 500);
  });
});
