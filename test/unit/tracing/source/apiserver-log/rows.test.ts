import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { LoggedTimes } from '../../../../../src/codec/apiserver-log/log.ts';
import type { LoggedItem } from '../../../../../src/codec/apiserver-log/trace-block.ts';
import { epochNanos, nanos } from '../../../../../src/trace/time.ts';
import { logRows } from '../../../../../src/tracing/source/apiserver-log/rows.ts';
import { nodesRequest } from '../../../../support/reports.ts';
import { traceID } from '../../../../support/spans.ts';

const HOUR = 3_600_000;
const SENT = Date.UTC(2026, 10, 29, 23, 59, 59, 500);
const at = (millis: number): number => SENT + millis;
const dayMillis = (time: number): number => time % (24 * HOUR);

/** Began 2 ms after it was sent, by the server's clock, and took 700 ms. */
const http = (zone: number, isLocal = true): LoggedTimes['http'] => ({
  endMillis: at(702) + zone,
  isLocal,
  latency: nanos(700e6),
  priorityLevel: null,
  flowSchema: null,
});
const item = (kind: LoggedItem['kind'], name: string, [millis, took]: readonly [number, number], zone: number) => ({
  kind,
  name,
  fields: {},
  tookMillis: took,
  dayMillis: dayMillis(at(millis) + zone),
  items: [] as LoggedItem[],
});
const handler = (zone: number): LoggedTimes['trace'] => ({
  name: 'Create',
  fields: { resource: 'secrets' },
  localMillis: at(3) + zone,
  took: nanos(698_500_000),
  items: [
    {
      ...item('trace', 'Call mutating webhook', [10, 600], zone),
      items: [item('step', 'Request completed', [609, 599], zone)],
    },
    item('step', 'Object stored in database', [702, 92], zone),
  ],
});

/** `name from+length`, in milliseconds after the request was sent. */
const rowsOf = (times: LoggedTimes): string[] => {
  const sentAt = epochNanos(BigInt(SENT) * 1_000_000n);
  return logRows(times, { request: nodesRequest, traceID: traceID('a1'), sentAt }).map(
    ({ span: { name, start, end }, precision }) =>
      `${name} ${Number(start - sentAt) / 1e6}+${Number(end - start) / 1e6} ${precision}`,
  );
};

const STEPS = [
  'Create 3+698.5 exact',
  'Call mutating webhook 10+600 exact',
  'until: Request completed 10+599 exact',
  'until: Object stored in database 610+91.5 exact',
];

suite('the rows of a request by the log of the API server', () => {
  for (const [where, zone] of [
    ['UTC', 0],
    ['a zone that is ahead', 5.75 * HOUR],
    ['a zone that is behind', -8 * HOUR],
    ['another year, which a line does not say', -2 * 365 * 24 * HOUR],
  ] as const) {
    test(`are in their places, of a server in ${where}, over midnight`, () => {
      const rows = rowsOf({ http: http(zone), trace: handler(zone) });
      assert.deepEqual(rows, ['GET /api/v1/nodes 2+700 exact', ...STEPS]);
    });
  }

  test('are there without a block, and with its time as it is in JSON', () => {
    assert.deepEqual(rowsOf({ http: http(0, false), trace: undefined }), [
      'GET /api/v1/nodes 2+700 exact',
      'apiserver, webhooks, etcd (inferred) 2+700 inferred',
    ]);
  });

  test('begin with the handler where the request has no line', () => {
    assert.deepEqual(rowsOf({ http: undefined, trace: handler(0) }), ['GET /api/v1/nodes 3+698.5 inferred', ...STEPS]);
  });
});
