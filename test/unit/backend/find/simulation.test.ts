import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { judge, type Judgement } from '../../../../src/analysis/completeness/judge.ts';
import type { FinishedLookup, LookupJudgement, WantedRequest } from '../../../../src/backend/find/lookup.ts';
import { awaitTraces } from '../../../../src/backend/find/poll.ts';
import { between } from '../../../../src/trace/time.ts';
import { batchArrivals, singleArrivals, type Arrival } from '../../../support/arrivals.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import {
  answeredAt,
  expectationOf,
  recordedStories,
  startedAt,
  type RecordedStory,
} from '../../../support/recorded.ts';
import { simulatedBackend } from '../../../support/simulated-backend.ts';

/**
 * Polling and judging together, on real traces that arrive as badly as traces may: what must hold whatever the journey.
 */

const stories = recordedStories();
const waitMillis = 40_000;
/** The longest pause between two polls while spans are arriving. */
const ONE_POLL_MILLIS = 250;

interface JourneyJudgement extends LookupJudgement {
  readonly analysis: Judgement;
}

/** Looks for one story's trace while the spans of its whole version arrive. */
async function lookFor(story: RecordedStory, arrivals: readonly Arrival[]): Promise<FinishedLookup<JourneyJudgement>> {
  const expectation = expectationOf(story);
  const clock = new FakeClock(answeredAt(story));
  const { traceID, spanID, auditID } = expectation;
  const fingerprint = { userAgent: story.truth.userAgent, method: story.truth.method, path: expectation.path };
  const { lookups } = await awaitTraces<JourneyJudgement, WantedRequest>({
    backend: simulatedBackend(clock, arrivals),
    clock,
    requests: [
      {
        keys: { traceID, spanID, auditID, startedAt: startedAt(story), fingerprint },
        answeredAt: answeredAt(story),
        awaited: true,
      },
    ],
    judge: ({ spans, quietMillis }) => {
      const analysis = judge(spans, expectation, quietMillis);
      return { verdict: analysis.verdict, analysis };
    },
    deadline: clock.at(waitMillis),
    signal: new AbortController().signal,
  });
  return lookups[0]!;
}

const idsOf = (spans: readonly { spanID: string }[]): string[] => spans.map(({ spanID }) => spanID).sort();

/** Complete means whole, and what was found is this request's and nobody else's. */
function assertTrue(story: RecordedStory, lookup: FinishedLookup<JourneyJudgement>): void {
  if (lookup.found !== null) assert.equal(lookup.found.traceID, story.found.traceID, story.title);
  const ids = idsOf(lookup.spans);
  assert.equal(new Set(ids).size, ids.length, `${story.title}: a span twice`);
  if (lookup.end === 'complete') assert.deepEqual(ids, idsOf(story.spans), story.title);
}

const anyStory = fc.constantFrom(...stories);
const anySeed = fc.integer();

test('batches that are late, split and repeated: found, and complete only with the last span', async () => {
  await fc.assert(
    fc.asyncProperty(anyStory, anySeed, async (story, seed) => {
      const arrivals = batchArrivals(story.spans, { seed, split: 0.3, duplicate: 0.2 });
      const lookup = await lookFor(story, arrivals);
      assertTrue(story, lookup);
      assert.ok(lookup.end === 'complete' || lookup.end === 'settled', `${story.title} ended as ${lookup.end}`);
    }),
    { numRuns: 5000 },
  );
});

test('some batches are lost: never complete without them', async () => {
  await fc.assert(
    fc.asyncProperty(anyStory, anySeed, async (story, seed) => {
      const arrivals = batchArrivals(story.spans, { seed, split: 0.5, duplicate: 0.2, lose: 0.4 });
      assertTrue(story, await lookFor(story, arrivals));
    }),
    { numRuns: 5000 },
  );
});

test('spans one by one in any order: found, and complete only with the last span', async () => {
  await fc.assert(
    fc.asyncProperty(anyStory, anySeed, fc.constantFrom(1000, 4000, 20_000), async (story, seed, millis) => {
      const lookup = await lookFor(story, singleArrivals(story.spans, { seed, millis }));
      assertTrue(story, lookup);
      assert.notEqual(lookup.found, null, story.title);
      if (millis <= 4000) assert.deepEqual(idsOf(lookup.spans), idsOf(story.spans), story.title);
    }),
    { numRuns: 500 },
  );
});

test('the verdict comes at most one poll after the last necessary span, in the median', async () => {
  const delays: number[] = [];
  for (const [seed, story] of stories.entries()) {
    if (!/^(list|get|list-from-cache|not-found|patch|delete)$/.test(story.truth.story)) continue;
    const arrivals = batchArrivals(story.spans, { seed, mostDelayMillis: 1000 });
    const lookup = await lookFor(story, arrivals);
    assert.equal(lookup.end, 'complete', story.title);
    const last = arrivals.reduce((latest, { at }) => (at > latest ? at : latest), answeredAt(story));
    const verdictMillis = lookup.waitedNanos / 1e6;
    delays.push(verdictMillis - Math.max(0, between(answeredAt(story), last) / 1e6));
  }
  const median = delays.toSorted((a, b) => a - b)[Math.floor(delays.length / 2)] ?? Number.NaN;
  assert.ok(delays.length >= 30 && median <= ONE_POLL_MILLIS, `${median} ms, ${delays.length} stories`);
});

test('each trace is found among the traces of all other requests to that version', async () => {
  const ends = new Map<string, number>();
  for (const story of stories) {
    const neighbours = stories.filter(({ minor }) => minor === story.minor);
    const arrivals = neighbours.flatMap(({ spans }) => singleArrivals(spans, { seed: 1, millis: 0 }));
    const lookup = await lookFor(story, arrivals);
    assertTrue(story, lookup);
    assert.deepEqual(idsOf(lookup.spans), idsOf(story.spans), story.title);
    const expected = { 'trace-id': ['trace-id'], 'audit-id': ['audit-id'], 'user-agent': ['link', 'fingerprint'] };
    assert.ok(expected[story.found.by].includes(lookup.found!.foundBy), `${story.title}: ${lookup.found?.foundBy}`);
    const doubts = lookup.judgement?.analysis.doubts ?? [];
    assert.equal(lookup.end, doubts.length === 0 ? 'complete' : 'settled', story.title);
    ends.set(lookup.end, (ends.get(lookup.end) ?? 0) + 1);
  }
  assert.ok(ends.get('complete')! > ends.get('settled')!, JSON.stringify([...ends]));
});
