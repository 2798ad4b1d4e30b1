import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { SeriesTotal } from '../../../../../src/codec/metrics/totals.ts';
import type { TraceInput } from '../../../../../src/trace/trace.ts';
import { sharedSeries } from '../../../../../src/tracing/source/metrics/shared-series.ts';
import { span } from '../../../../support/spans.ts';

const METRIC = 'apiserver_admission_webhook_admission_duration_seconds';

const call = (id: string, name: string, metric = METRIC): TraceInput => ({
  span: span({
    service: 'apiserver',
    id,
    name: 'Call mutating webhook',
    attributes: { 'metric.name': metric, 'metric.label.name': name, 'metric.label.type': 'admit' },
  }),
  source: 'metric',
  inferred: false,
  precision: 'exact',
});

const total = (name: string, count: number, metric = METRIC): SeriesTotal => ({
  metric,
  labels: { type: 'admit', name },
  count,
  sum: count,
});

const messages = (...readings: Parameters<typeof sharedSeries>): string[] =>
  sharedSeries(...readings).map(({ message }) => message);

suite('calls of a webhook between two readings', () => {
  const row = call('a1', 'inject.example.com');

  test('of which there are more than rows: how many there were', () => {
    const name = 'inject.example.com';
    assert.deepEqual(messages([total(name, 4)], [total(name, 7)], [row]), [
      'Call mutating webhook inject.example.com: 3 calls, the last one shown.',
    ]);
    assert.deepEqual(messages([], [total(name, 3)], [row, call('a2', name)]), [
      'Call mutating webhook inject.example.com: 3 calls, 2 shown.',
    ]);
  });

  test('are not remarked on where each has a row, where none is ours, or in other metrics', () => {
    const name = 'inject.example.com';
    assert.deepEqual(messages([total(name, 4)], [total(name, 5)], [row]), []);
    assert.deepEqual(messages([], [total('other.example.com', 9)], [row]), []);
    const filters = 'apiserver_request_filter_duration_seconds';
    assert.deepEqual(messages([], [total(name, 9, filters)], [call('a1', name, filters)]), []);
  });
});
