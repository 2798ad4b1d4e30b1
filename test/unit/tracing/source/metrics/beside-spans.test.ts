import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ServerSpans } from '../../../../../src/analysis/completeness/server-spans.ts';
import { epochNanos } from '../../../../../src/trace/time.ts';
import type { TraceInput } from '../../../../../src/trace/trace.ts';
import { besideSpans } from '../../../../../src/tracing/source/metrics/beside-spans.ts';
import { foundLookup, nodesRequest } from '../../../../support/reports.ts';
import { span } from '../../../../support/spans.ts';

const PLUGIN = 'apiserver_admission_controller_admission_duration_seconds';
const WEBHOOK = 'apiserver_admission_webhook_admission_duration_seconds';
const POLICY = 'apiserver_validating_admission_policy_check_duration_seconds';
const REQUEST = 'apiserver_request_duration_seconds';

const times = (from: number, to: number) => ({
  start: epochNanos(BigInt(Math.round(from * 1e6))),
  end: epochNanos(BigInt(Math.round(to * 1e6))),
});
const webhook = { name: 'Call mutating webhook', attributes: { webhook: 'inject.example.com' } };

/** A request of 100 ms, with the call of a webhook from 20 to 40 ms. */
const root = span({ id: '1', kind: 'server', name: 'POST', ...times(0, 100) });
const spans = [root, span({ id: '2', parent: '1', ...webhook, ...times(20, 40) })];
const server: ServerSpans = { root, contextKept: true, spans, childrenOf: () => [] };

const row = (metric: string, [from, to]: readonly [number, number], name = metric): TraceInput => ({
  span: span({
    id: 'd1',
    name,
    attributes: { 'metric.name': metric, webhook: 'inject.example.com' },
    ...times(from, to),
  }),
  source: 'metric',
  inferred: false,
  precision: 'exact',
});

function beside(...rows: readonly TraceInput[]) {
  const lookup = {
    sent: nodesRequest,
    awaited: true,
    webhooks: null,
    server,
    found: spans,
    report: { ...foundLookup, reasons: [] },
  };
  const { plugins = [], report } = besideSpans(lookup, server, rows);
  return { plugins: plugins.map(({ span: { name } }) => name), reasons: report.reasons.map(({ message }) => message) };
}

suite('metrics beside spans', () => {
  const call = (from: number, to: number): TraceInput => row(WEBHOOK, [from, to], webhook.name);

  test('add the plug-ins and their policies, which have no spans, and nothing else', () => {
    const { plugins, reasons } = beside(
      row(REQUEST, [-1, 99]),
      row('apiserver_request_filter_duration_seconds', [1, 2]),
      row('apiserver_admission_step_admission_duration_seconds', [19, 41]),
      row(PLUGIN, [10, 11], 'ResourceQuota'),
      row(POLICY, [12, 13], 'validating policy one'),
      call(20, 40),
    );
    assert.deepEqual(plugins, ['ResourceQuota', 'validating policy one']);
    assert.deepEqual(reasons, []);
  });

  test('agree within 1 ms or 5 %, whichever is more', () => {
    assert.deepEqual(beside(call(19.5, 40.4)).reasons, []);
    assert.deepEqual(beside(call(20, 42.5)).reasons, [
      "The webhook inject.example.com took 22.5 ms by the API server's metrics, and 20.0 ms by its span.",
    ]);
  });

  test('show that spans may be missing where the request ends outside of them', () => {
    assert.deepEqual(beside(row(REQUEST, [-1, 100.9])).reasons, []);
    assert.deepEqual(beside(row(REQUEST, [-1, 150])).reasons, [
      "The request ended 50.0 ms after its last span by the API server's metrics: spans may be missing.",
    ]);
  });
});
