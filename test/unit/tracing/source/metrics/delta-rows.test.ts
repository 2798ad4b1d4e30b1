import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { totalsOf, type SeriesTotal } from '../../../../../src/codec/metrics/totals.ts';
import type { RequestReport } from '../../../../../src/report/report.ts';
import { epochNanos, nanos } from '../../../../../src/trace/time.ts';
import type { TraceInput } from '../../../../../src/trace/trace.ts';
import { deltaRows, ETCD_DURATION } from '../../../../../src/tracing/source/metrics/delta-rows.ts';
import { family, histogram } from '../../../../support/metrics.ts';
import { nodesRequest } from '../../../../support/reports.ts';
import { span } from '../../../../support/spans.ts';

const MILLI = 1_000_000n;

const gap = (name: string, from: bigint, to: bigint): TraceInput => ({
  span: span({
    service: 'apiserver',
    id: String(from + 1n),
    name,
    start: epochNanos(from * MILLI),
    end: epochNanos(to * MILLI),
  }),
  source: 'metric',
  inferred: true,
  precision: 'inferred',
});

const create: RequestReport = { ...nodesRequest, method: 'POST', group: '', resource: 'configmaps', status: 201 };
const rows = [gap('decode, read from storage (inferred)', 1n, 4n), gap('storage, encode, write (inferred)', 5n, 15n)];

const total = (
  operation: string,
  count: number,
  sum: number,
  labels: SeriesTotal['labels'] = { group: '', resource: 'configmaps' },
): SeriesTotal => ({
  metric: ETCD_DURATION,
  labels: { operation, ...labels },
  count,
  sum,
});

/** `name length precision` of each row. */
const told = (before: readonly SeriesTotal[], later: readonly SeriesTotal[], request = create): string[] =>
  deltaRows(before, later, { rows, request }).map(
    ({ span: { name, start, end }, precision, inferred }) =>
      `${name} ${Number(start / MILLI)}+${Number(end - start) / 1e6} ${precision}${inferred ? ' inferred' : ''}`,
  );

suite('an operation in etcd between two readings', () => {
  test('is of the request, with its exact length, if it ran once and the request must run it', () => {
    assert.deepEqual(told([total('create', 7, 1)], [total('create', 8, 1.00177)]), [
      'etcd create (length only) 5+1.77 length-only',
    ]);
  });

  test('is a bound if it ran more often, or need not be of the request', () => {
    assert.deepEqual(told([], [total('create', 3, 0.004)]), ['etcd create (at most, 3 in all) 5+4 at-most inferred']);
    assert.deepEqual(told([], [total('get', 1, 0.002)]), ['etcd get (at most, 1 in all) 1+2 at-most inferred']);
    // It took longer than the request: another client's.
    assert.deepEqual(told([], [total('create', 1, 0.9)]), ['etcd create (at most, 1 in all) 5+10 at-most inferred']);
  });

  test('has no row if it did not run, or is about another resource', () => {
    assert.deepEqual(told([total('create', 7, 1)], [total('create', 7, 1)]), []);
    assert.deepEqual(told([], [total('create', 1, 0.001, { group: '', resource: 'secrets' })]), []);
    assert.deepEqual(told([], [total('create', 1, 0.001, { group: 'apps', resource: 'configmaps' })]), []);
  });

  test('is found by type, as versions before 1.34 name it', () => {
    const deployment = { ...create, group: 'apps', resource: 'deployments' };
    assert.deepEqual(told([], [total('create', 1, 0.001, { type: 'deployments.apps' })], deployment), [
      'etcd create (length only) 5+1 length-only',
    ]);
    assert.deepEqual(told([], [total('create', 1, 0.001, { type: 'configmaps' })]), [
      'etcd create (length only) 5+1 length-only',
    ]);
  });
});

test('a series with an impossible sum or count is not compared', () => {
  const impossible = [Number.NaN, Infinity, -1].map((value) =>
    histogram({ operation: 'create', group: '', resource: String(value) }, [
      { labels: {}, value, seconds: 1_795_900_000, nanos: 0 },
    ]),
  );
  assert.deepEqual(totalsOf(family(ETCD_DURATION, impossible), [ETCD_DURATION]), []);
});

test('encryption is a bound, and storing as it is has no row', () => {
  const transformed = (prefix: string): SeriesTotal => ({
    metric: 'apiserver_storage_transformation_duration_seconds',
    labels: { transformation_type: 'to-storage', transformer_prefix: prefix, status: 'OK' },
    count: 1,
    sum: 0.003,
  });
  assert.deepEqual(told([], [transformed('k8s:enc:kms:v2:')]), ['encryption (at most, 1 in all) 5+3 at-most inferred']);
  assert.deepEqual(told([], [transformed('identity')]), []);
});

test('totals are read from histograms, of the named metrics alone', () => {
  const one = { labels: {}, value: 2, seconds: 1, nanos: nanos(0) };
  const body = Buffer.concat([
    family('etcd_request_duration_seconds', [histogram({ operation: 'get' }, [one, one])]),
    family('other_seconds', [histogram({}, [one])]),
  ]);
  const totals = totalsOf(body, [ETCD_DURATION]);
  assert.deepEqual(
    totals?.map(({ labels, count, sum }) => [labels['operation'], count, sum]),
    [['get', 2, 4]],
  );
  assert.equal(totalsOf(body.subarray(0, 20), [ETCD_DURATION]), undefined);
});
