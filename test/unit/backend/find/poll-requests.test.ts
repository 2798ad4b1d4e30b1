import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WantedRequest } from '../../../../src/backend/find/lookup.ts';
import type { FakeClock } from '../../../support/fake-clock.ts';
import { foundSpans } from '../../../support/scripted-backend.ts';
import { span, traceID } from '../../../support/spans.ts';
import { etcd, play, server, wanted } from '../poll-scene.ts';

test('discovery is looked up once, at the end, and never waited for', async () => {
  const requests = (clock: FakeClock): WantedRequest[] => [
    wanted(clock, { client: 'c2', audit: 'audit-2', awaited: false }),
    wanted(clock),
  ];
  const searchedAt: number[] = [];
  const { result, clock } = await play(
    (millis) => ({ byID: millis < 1000 ? { status: 'absent' } : foundSpans(server(), etcd) }),
    {
      requests,
      raw: { search: () => (searchedAt.push(0), { status: 'absent' }) },
    },
  );
  assert.deepEqual(
    result.lookups.map(({ end, polls, found }) => [end, polls > 0, found?.foundBy]),
    [
      ['looked-once', true, undefined],
      ['complete', true, 'trace-id'],
    ],
  );
  assert.equal(result.lookups[0]?.polls, 1);
  assert.equal(searchedAt.length, 1);
  assert.ok(clock.millis < 1300);
});

test('discovery is found among the spans of the trace that it shares', async () => {
  const { result } = await play(() => ({ byID: foundSpans(server('c1', '1'), server('c2', '2'), etcd) }), {
    requests: (clock) => [wanted(clock, { client: 'c2', awaited: false }), wanted(clock)],
  });
  assert.deepEqual(
    result.lookups.map(({ found }) => found?.foundBy),
    ['trace-id', 'trace-id'],
  );
});

test('requests that share a trace fetch it once per poll', async () => {
  const { askedAt, result } = await play(() => ({ byID: foundSpans(server('c1', '1'), server('c2', '2'), etcd) }), {
    requests: (clock) => [wanted(clock), wanted(clock, { client: 'c2' })],
  });
  assert.deepEqual(askedAt, [0]);
  assert.deepEqual(
    result.lookups.map(({ end }) => end),
    ['complete', 'complete'],
  );
});

test('a re-rooted trace is searched once and then fetched by its own ID', async () => {
  const asked: string[] = [];
  const root = span({ trace: 'e1', id: '1', kind: 'server', attributes: { 'audit-id': 'audit-1' } });
  const late = span({ trace: 'e1', id: '9', parent: '1', service: 'etcd' });
  const clockOf: FakeClock[] = [];
  const { result } = await play(() => ({}), {
    requests: (clock) => (clockOf.push(clock), [wanted(clock, { audit: 'audit-1' })]),
    raw: {
      byID: (id) => {
        asked.push(id.replace(/^0+/, ''));
        if (id !== traceID('e1')) return { status: 'absent' };
        return (clockOf[0]?.millis ?? 0) > 500 ? foundSpans(root, late) : foundSpans(root);
      },
      search: () => (asked.push('search'), foundSpans(root)),
    },
  });
  assert.equal(result.lookups[0]?.end, 'complete');
  assert.deepEqual(asked.slice(0, 4), ['a1', 'search', 'e1', 'e1']);
  assert.equal(asked.filter((one) => one === 'search').length, 1);
});
