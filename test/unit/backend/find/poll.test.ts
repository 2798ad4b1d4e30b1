import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lookup } from '../../../../src/backend/backend.ts';
import { foundSpans } from '../../../support/scripted-backend.ts';
import { span } from '../../../support/spans.ts';
import { etcd, play, server } from '../poll-scene.ts';

test('polls until the verdict is complete, and merges spans of different polls', async () => {
  const { result, clock } = await play((millis) => ({
    byID: millis < 900 ? { status: 'absent' } : millis < 2400 ? foundSpans(server()) : foundSpans(server(), etcd),
  }));
  const [lookup] = result.lookups;
  assert.equal(lookup?.end, 'complete');
  assert.equal(lookup.found?.foundBy, 'trace-id');
  assert.equal(lookup.spans.length, 2);
  assert.equal(lookup.problem, null);
  assert.ok(clock.millis >= 2400 && clock.millis <= 2650, `${clock.millis}`);
  assert.equal(lookup.waitedNanos, Math.round(clock.millis * 1e6));
  assert.equal(lookup.polls, result.polls);
});

test('spans that are missing in a later response remain', async () => {
  const { result } = await play((millis) => ({ byID: millis < 500 ? foundSpans(server()) : foundSpans(etcd) }));
  assert.deepEqual(
    result.lookups[0]?.spans.map((one) => one.resource.service),
    ['apiserver', 'etcd'],
  );
});

test('silence is measured from the last new span', async () => {
  const { result, clock, observations } = await play((millis) => ({
    byID: millis < 2000 ? foundSpans(server()) : foundSpans(server(), span({ trace: 'a1', id: '2', parent: '1' })),
  }));
  assert.equal(result.lookups[0]?.end, 'settled');
  assert.ok(clock.millis >= 8000 && clock.millis <= 8600, `${clock.millis}`);
  assert.equal(observations[0]?.quietMillis, 0);
  assert.ok(observations[0].sinceAnswerMillis <= 1);
});

test('time with an unavailable backend is not silence', async () => {
  const away: Lookup = { status: 'unavailable', message: 'connection refused' };
  const { result, clock, observations } = await play((millis) => ({
    byID: millis > 1000 && millis < 8000 ? away : foundSpans(server()),
  }));
  assert.equal(result.lookups[0]?.end, 'settled');
  assert.ok(clock.millis >= 14_000, `${clock.millis}`);
  assert.ok(
    observations.every(({ quietMillis }, index) => quietMillis <= (observations[index - 1]?.quietMillis ?? 0) + 500),
  );
});

test('a backend that comes back', async () => {
  const { result } = await play((millis) => ({
    byID: millis < 3000 ? { status: 'unavailable', message: 'x' } : foundSpans(server(), etcd),
  }));
  assert.equal(result.lookups[0]?.end, 'complete');
  assert.equal(result.lookups[0].problem, null);
});

test('progress shows spans, services and what is awaited', async () => {
  const lines: unknown[] = [];
  await play(
    (millis) => ({
      byID: millis < 100 ? { status: 'absent' } : millis < 200 ? foundSpans(server()) : foundSpans(server(), etcd),
    }),
    {
      onProgress: ({ waitedMillis: _waited, ...rest }) => void lines.push(rest),
    },
  );
  assert.deepEqual(lines, [
    { spans: 0, services: [], polls: 1, waitingFor: undefined },
    { spans: 1, services: [{ service: 'apiserver', spans: 1 }], polls: 2, waitingFor: 'etcd' },
    {
      spans: 2,
      services: [
        { service: 'apiserver', spans: 1 },
        { service: 'etcd', spans: 1 },
      ],
      polls: 3,
      waitingFor: undefined,
    },
  ]);
});

test('a backend that returns other spans in each poll ends the lookup at the size of one response', async () => {
  let count = 0;
  const large = 'x'.repeat(1024 * 1024);
  const { result, clock } = await play(() => ({
    // 20 MiB of new text in each poll; nested, which counts as well.
    byID: foundSpans(
      server(),
      ...Array.from({ length: 20 }, () =>
        span({ trace: 'a1', id: (++count + 100).toString(16), parent: '1', attributes: { list: [{ text: large }] } }),
      ),
    ),
  }));
  const [lookup] = result.lookups;
  assert.deepEqual(
    [lookup?.end, lookup?.problem?.message],
    ['failed', 'the trace backend returned more than 192 MiB of spans'],
  );
  assert.equal(result.polls, 10);
  assert.ok(clock.millis < 30_000, `${clock.millis}`);
});

test('a large trace that is complete from the first poll on is polled as often as it takes', async () => {
  const spans = Array.from({ length: 100 }, (_, index) =>
    span({ trace: 'a1', id: (index + 100).toString(16), parent: '1', attributes: { text: 'x'.repeat(1024 * 1024) } }),
  );
  const { result } = await play(() => ({ byID: foundSpans(server(), ...spans) }));
  assert.deepEqual([result.lookups[0]?.end, result.lookups[0]?.problem], ['settled', null]);
  assert.ok(result.polls > 3, `${result.polls}`);
});
