import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pauseBeforePoll, type PauseFacts } from '../../../../src/backend/find/pause.ts';

const nothingYet: PauseFacts = {
  previous: undefined,
  arriving: false,
  unavailable: false,
  retryAfter: undefined,
  waited: 0,
};

/** The pauses from a beginning, each following from the one before. */
function pauses(facts: PauseFacts, count: number): number[] {
  const all: number[] = [];
  let waited = facts.waited;
  for (let index = 0; index < count; index++) {
    const pause = pauseBeforePoll({ ...facts, previous: all.at(-1), waited });
    all.push(pause);
    waited += pause;
  }
  return all;
}

test("polls are quick at first, then four times a second while the servers' first export is due", () => {
  assert.deepEqual(pauses(nothingYet, 5), [100, 150, 225, 250, 250]);
});

test('polls are once a second when no span has arrived for longer than an export takes', () => {
  assert.deepEqual(pauses({ ...nothingYet, waited: 6000 }, 8).slice(-2), [1000, 1000]);
});

test('polls are four times a second while spans arrive, however late', () => {
  assert.equal(pauseBeforePoll({ ...nothingYet, previous: 1000, arriving: true, waited: 20_000 }), 250);
});

test('an unavailable backend is polled at most once a second', () => {
  assert.deepEqual(pauses({ ...nothingYet, unavailable: true }, 5), [100, 200, 400, 800, 1000]);
});

test('Retry-After is the minimum pause', () => {
  assert.equal(pauseBeforePoll({ ...nothingYet, retryAfter: 3000 }), 3000);
  assert.equal(pauseBeforePoll({ ...nothingYet, previous: 200, retryAfter: 0 }), 250);
});

test('a pause is at least 100 ms, and at most a second or the pause that the backend requests', () => {
  const facts = fc.record({
    previous: fc.option(fc.integer({ min: 100, max: 60_000 }), { nil: undefined }),
    arriving: fc.boolean(),
    unavailable: fc.boolean(),
    retryAfter: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined }),
    waited: fc.integer({ min: 0, max: 120_000 }),
  });
  fc.assert(
    fc.property(facts, (one) => {
      const pause = pauseBeforePoll(one);
      assert.ok(pause >= 100 && pause <= Math.max(1000, one.retryAfter ?? 0));
      if (one.arriving && !one.unavailable && one.retryAfter === undefined) assert.ok(pause <= 250);
    }),
  );
});
