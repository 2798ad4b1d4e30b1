import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../../../../src/analysis/completeness/judge.ts';
import type { FinishedLookup, LookupJudgement, WantedRequest } from '../../../../src/backend/find/lookup.ts';
import { awaitTraces } from '../../../../src/backend/find/poll.ts';
import type { Span } from '../../../../src/trace/span.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import type { Arrival } from '../../../support/arrivals.ts';
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
 * What other tools that wait for a trace are known to get wrong (Tracetest's issues, kubeshop/tracetest): each is a case
 * here, on a trace of a real server.
 */
function story(title: string): RecordedStory {
  const found = recordedStories().find((one) => one.title === title);
  assert.ok(found, title);
  return found;
}

/** Looks for a story whose spans arrive at the given times, in milliseconds after the answer. */
async function lookFor(
  recorded: RecordedStory,
  parts: readonly { readonly millis: number; readonly spans: readonly Span[] }[],
): Promise<FinishedLookup<LookupJudgement>> {
  const expectation = expectationOf(recorded);
  const clock = new FakeClock(answeredAt(recorded));
  const at = (millis: number): Arrival['at'] => epochNanos(answeredAt(recorded) + BigInt(millis) * 1_000_000n);
  const { traceID, spanID, auditID } = expectation;
  const fingerprint = { userAgent: recorded.truth.userAgent, method: recorded.truth.method, path: expectation.path };
  const { lookups } = await awaitTraces<LookupJudgement, WantedRequest>({
    backend: simulatedBackend(
      clock,
      parts.map(({ millis, spans }) => ({ at: at(millis), spans })),
    ),
    clock,
    requests: [
      {
        keys: { traceID, spanID, auditID, startedAt: startedAt(recorded), fingerprint },
        answeredAt: answeredAt(recorded),
        awaited: true,
      },
    ],
    judge: ({ spans, quietMillis }) => ({ verdict: judge(spans, expectation, quietMillis).verdict }),
    deadline: clock.at(30_000),
    signal: new AbortController().signal,
  });
  const [lookup] = lookups;
  assert.ok(lookup);
  return lookup;
}

const list = story('1.37 masters-list');
const isRoot = ({ kind, resource }: Span): boolean => kind === 'server' && resource.service === 'apiserver';
const ofEtcd = ({ resource }: Span): boolean => resource.service === 'etcd';

test('a root that arrives first and alone is not the complete trace (#1563, #1904, #1997)', async () => {
  const lookup = await lookFor(list, [
    { millis: 100, spans: list.spans.filter(isRoot) },
    { millis: 3000, spans: list.spans.filter((span) => !isRoot(span)) },
  ]);
  assert.equal(lookup.end, 'complete');
  assert.equal(lookup.spans.length, list.spans.length);
});

test('a trace of exactly one span is done, and not waited for forever (#1858)', async () => {
  const version = story('1.33 masters-version');
  assert.equal(version.spans.length, 1);
  const lookup = await lookFor(version, [{ millis: 200, spans: version.spans }]);
  assert.equal(lookup.end, 'complete');
  assert.ok(lookup.waitedNanos < 1e9, `${lookup.waitedNanos} ns`);
});

test('a trace that is missing at the first poll is found at a later one (#4048)', async () => {
  const lookup = await lookFor(list, [{ millis: 4900, spans: list.spans }]);
  assert.equal(lookup.end, 'complete');
  assert.ok(lookup.polls > 2);
});

test('a constant number of spans for some polls is not the end: etcd exports separately (#2517)', async () => {
  const lookup = await lookFor(list, [
    { millis: 100, spans: list.spans.filter((span) => !ofEtcd(span)) },
    { millis: 5000, spans: list.spans.filter(ofEtcd) },
  ]);
  assert.equal(lookup.end, 'complete');
  assert.ok(lookup.spans.some(ofEtcd));
});

test('spans that arrive after the end do not change the report (#2054)', async () => {
  const lookup = await lookFor(list, [
    { millis: 100, spans: list.spans },
    { millis: 900, spans: list.spans.map((span) => ({ ...span, name: 'changed later' })) },
  ]);
  assert.equal(lookup.end, 'complete');
  assert.ok(lookup.spans.every(({ name }) => name !== 'changed later'));
});
