import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { SeriesTotal } from '../../../../../src/codec/metrics/totals.ts';
import type { RequestReport } from '../../../../../src/report/report.ts';
import { epochNanos, nanos } from '../../../../../src/trace/time.ts';
import { measurementOf } from '../../../../../src/tracing/source/metrics/measure.ts';
import type { MetricsReading } from '../../../../../src/tracing/source/metrics/reading.ts';
import { nodesRequest } from '../../../../support/reports.ts';
import { traceID } from '../../../../support/spans.ts';

const START = 1_795_478_400_000_000_000n;
const milli = (count: number): ReturnType<typeof nanos> => nanos(count * 1e6);

/** The client waits from 10 to 30 ms of its 35. */
const create: RequestReport = {
  ...nodesRequest,
  method: 'POST',
  path: '/api/v1/namespaces/default/configmaps',
  group: '',
  resource: 'configmaps',
  status: 201,
  startOffsetNanos: milli(100),
  durationNanos: milli(35),
  phases: {
    dnsNanos: null,
    connectNanos: milli(4),
    tlsNanos: milli(5),
    sendNanos: milli(1),
    waitNanos: milli(20),
    receiveNanos: milli(5),
  },
};

const total = (metric: string, labels: SeriesTotal['labels'], count: number, millis: number): SeriesTotal => ({
  metric,
  labels,
  count,
  sum: millis / 1000,
});
const counted = (count: number, millis: number, labels: SeriesTotal['labels'] = {}): SeriesTotal =>
  total(
    'apiserver_request_duration_seconds',
    { verb: 'POST', group: '', resource: 'configmaps', ...labels },
    count,
    millis,
  );
const stored = (count: number, millis: number): SeriesTotal =>
  total('etcd_request_duration_seconds', { operation: 'create', type: 'configmaps' }, count, millis);

const read = (totals: readonly SeriesTotal[], startedAt = '1'): MetricsReading => ({
  status: 'read',
  exemplars: [],
  totals,
  startedAt,
  tookNanos: nanos(0),
});

/** `name start+length precision` of each row, in milliseconds since the command's start. */
function rowsOf(before: MetricsReading, last: MetricsReading, requests: readonly RequestReport[] = [create]): string[] {
  const readings = { last, before: { reading: before, start: epochNanos(0n), end: epochNanos(0n) } };
  const commandStart = epochNanos(START);
  const { rows } = measurementOf({ ...readings, commandStart }, requests, traceID('a1'));
  return [...(rows.get(requests.at(-1)!) ?? [])].map(
    ({ span: { name, start, end }, precision }) =>
      `${name} ${Number(start - START) / 1e6}+${Number(end - start) / 1e6} ${precision}`,
  );
}

suite('a request without exemplars, by the totals of two readings', () => {
  const before = read([counted(7, 1000), stored(7, 100)]);

  test('has its own length and that of etcd, in the middle of the time in which the client waited', () => {
    assert.deepEqual(rowsOf(before, read([counted(8, 1012), stored(8, 104)])), [
      'POST /api/v1/namespaces/default/configmaps 114+12 length-only',
      'etcd create (length only) 114+4 length-only',
    ]);
  });

  test('has a bound of etcd where that was called more often', () => {
    assert.deepEqual(rowsOf(before, read([counted(8, 1012), stored(9, 108)])), [
      'POST /api/v1/namespaces/default/configmaps 114+12 length-only',
      'etcd create (at most, 2 in all) 114+8 at-most',
    ]);
  });

  test('has the webhooks that were called for such writes, by any client: at most', () => {
    const webhook = (name: string, operation: string, count: number, millis: number): SeriesTotal =>
      total(
        'apiserver_admission_webhook_admission_duration_seconds',
        { name, type: 'admit', operation },
        count,
        millis,
      );
    const called = [webhook('slow.example.com', 'CREATE', 1, 9), webhook('other.example.com', 'DELETE', 1, 3)];
    assert.deepEqual(rowsOf(before, read([counted(8, 1012), ...called])), [
      'POST /api/v1/namespaces/default/configmaps 114+12 length-only',
      'webhook slow.example.com (at most, 1 in all) 114+9 at-most',
    ]);
  });

  test('is counted in whichever of its series', () => {
    const dryRun = counted(1, 12, { dry_run: 'All' });
    assert.equal(rowsOf(before, read([counted(7, 1000), dryRun])).length, 1);
  });

  test('has none where another request of its kind was served, or it took longer than this one', () => {
    assert.deepEqual(rowsOf(before, read([counted(9, 1024), stored(9, 108)])), []);
    assert.deepEqual(rowsOf(before, read([counted(8, 1040), stored(8, 104)])), []);
  });

  test('has none where the request is about something else', () => {
    for (const labels of [{ resource: 'secrets' }, { group: 'apps' }, { subresource: 'status' }, { verb: 'PUT' }])
      assert.deepEqual(rowsOf(read([]), read([counted(1, 12, labels)])), []);
  });

  test('has none where the readings are of two processes, or the command has two requests', () => {
    assert.deepEqual(rowsOf(before, read([counted(8, 1012), stored(8, 104)], '2')), []);
    assert.deepEqual(rowsOf(before, read([counted(8, 1012), stored(8, 104)]), [nodesRequest, create]), []);
  });
});
