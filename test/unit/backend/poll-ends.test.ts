import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Lookup } from '../../../src/backend/backend.ts';
import { awaitTraces } from '../../../src/backend/find/poll.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { foundSpans, scriptedBackend } from '../../support/scripted-backend.ts';
import { etcd, judge, play, server, wanted, type ScriptAt } from './poll-scene.ts';

test('without spans the deadline ends the poll, to the millisecond', async () => {
  const { result, clock, askedAt } = await play(() => ({}), { wait: 10_000 });
  assert.deepEqual(result.lookups[0], {
    request: result.lookups[0]?.request,
    end: 'deadline',
    found: null,
    spans: [],
    judgement: null,
    polls: result.polls,
    waitedNanos: 9_700_000_000,
    problem: null,
  });
  assert.equal(result.backendWorked, true);
  assert.equal(askedAt.at(-1), 9700);
  assert.ok(clock.millis <= 10_000);
});

test('a lookup that hangs is cut off at the deadline', async () => {
  const hang = (_id: unknown, signal: AbortSignal): Promise<Lookup> =>
    new Promise((resolve) =>
      signal.addEventListener('abort', () => resolve({ status: 'unavailable', message: 'cut off' })),
    );
  const { result, clock } = await play(() => ({}), { wait: 3000, raw: { byID: hang } });
  assert.equal(clock.millis, 3000);
  assert.equal(result.lookups[0]?.end, 'deadline');
  assert.match(result.lookups[0].problem?.message ?? '', / did not respond within 3s$/);
  assert.equal(result.backendWorked, false);
});

test('a lookup that hangs after others had responses is no evidence about the backend', async () => {
  let asked = 0;
  const byID = async (_id: unknown, signal: AbortSignal): Promise<Lookup> => {
    if (asked++ === 0) return { status: 'absent' };
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return { status: 'unavailable', message: 'cut off' };
  };
  const { result } = await play(() => ({}), { wait: 3000, raw: { byID } });
  assert.equal(result.lookups[0]?.problem, null);
  assert.equal(result.backendWorked, true);
});

test('a backend that is never available: its last message is reported', async () => {
  const { result } = await play(() => ({ byID: { status: 'unavailable', message: 'connection refused' } }), {
    wait: 2000,
  });
  assert.equal(result.lookups[0]?.end, 'deadline');
  assert.deepEqual(result.lookups[0].problem, { status: 'unavailable', message: 'connection refused' });
  assert.equal(result.backendWorked, false);
});

test('a failure ends the poll at once', async () => {
  const failed: Lookup = {
    status: 'failed',
    reason: 'BackendAnsweredHTML',
    message: 'a web page',
    hint: 'try /jaeger',
  };
  const { result, clock } = await play(() => ({ byID: failed }));
  assert.equal(result.lookups[0]?.end, 'failed');
  assert.deepEqual(result.lookups[0].problem, failed);
  assert.equal(clock.millis, 0);
  assert.equal(result.polls, 1);
});

test('Retry-After is respected, also beyond the deadline', async () => {
  const busy = (retryAfterMillis: number): Lookup => ({ status: 'unavailable', message: '429', retryAfterMillis });
  const { askedAt } = await play((millis) => ({ byID: millis < 3000 ? busy(3000) : foundSpans(server(), etcd) }));
  assert.deepEqual(askedAt, [0, 3000]);
  const late = await play(() => ({ byID: busy(60_000) }), {
    requests: (clock) => [wanted(clock), wanted(clock, { awaited: false })],
  });
  assert.deepEqual(late.askedAt, [0]);
  assert.equal(late.clock.millis, 0);
  assert.equal(late.result.lookups[0]?.end, 'deadline');
});

test('an interrupt returns the spans that have arrived', async () => {
  const control = new AbortController();
  const { result, clock } = await play(
    (millis) => {
      if (millis > 1000) control.abort();
      return { byID: foundSpans(server()) };
    },
    { signal: control.signal },
  );
  assert.equal(result.lookups[0]?.end, 'interrupted');
  assert.equal(result.lookups[0].spans.length, 1);
  assert.ok(clock.millis < 1500);
});

test('the caller may give up, but not once something was found', async () => {
  const given = new AbortController();
  const script =
    (found: boolean): ScriptAt =>
    (millis) => {
      if (millis > 1000) given.abort();
      return found ? { byID: millis > 3000 ? foundSpans(server(), etcd) : foundSpans(server()) } : {};
    };
  const nothing = await play(script(false), { giveUp: given.signal });
  assert.equal(nothing.result.lookups[0]?.end, 'given-up');
  assert.ok(nothing.clock.millis < 1500);
  const something = await play(script(true), { giveUp: given.signal });
  assert.equal(something.result.lookups[0]?.end, 'complete');
});

test('giving up ends a long pause', async () => {
  const given = new AbortController();
  const clock = new FakeClock();
  void clock.sleep(9500).then(() => given.abort());
  const result = await awaitTraces({
    backend: scriptedBackend({}),
    clock,
    requests: [wanted(clock)],
    judge,
    deadline: clock.at(30_000),
    signal: new AbortController().signal,
    giveUp: given.signal,
  });
  assert.equal(result.lookups[0]?.end, 'given-up');
  assert.equal(clock.millis, 9500);
});

test('whatever a backend does, the deadline is met and polls keep their minimum distance', async () => {
  const answers = fc.array(
    fc.constantFrom<Lookup>(
      { status: 'absent' },
      { status: 'unavailable', message: 'x' },
      { status: 'unavailable', message: 'x', retryAfterMillis: 700 },
      foundSpans(server()),
    ),
    { minLength: 1, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(answers, fc.integer({ min: 0, max: 20_000 }), async (script, wait) => {
      let turn = 0;
      const { clock, askedAt, result } = await play(() => ({ byID: script[turn++ % script.length]! }), { wait });
      assert.ok(clock.millis <= wait, `${clock.millis} > ${wait}`);
      assert.ok(['deadline', 'settled'].includes(result.lookups[0]?.end ?? ''));
      const times = [...new Set(askedAt)];
      const gaps = times.slice(1).map((time, index) => time - times[index]!);
      // The last poll alone may come sooner, because it must come before the deadline.
      for (const gap of gaps.slice(0, -1)) assert.ok(gap >= 100 && gap <= 1000, `${gap}`);
    }),
    { numRuns: 60 },
  );
});
