import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { assemble } from '../../../../src/analysis/assemble/assemble.ts';
import { serverSpans } from '../../../../src/analysis/completeness/server-spans.ts';
import type { Span } from '../../../../src/trace/span.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import type { Trace, TraceInput } from '../../../../src/trace/trace.ts';
import { nodesRequest } from '../../../support/reports.ts';
import { resource, span, traceID } from '../../../support/spans.ts';

const MILLION = 1_000_000;
const times = (from: number, to: number, ahead = 0) => ({
  start: epochNanos(BigInt(from * MILLION + ahead)),
  end: epochNanos(BigInt(to * MILLION + ahead)),
});

/**
 *     client          |--------------------------------------------|  0 … 100
 *     Create            |---------------------------------------|     5 … 95
 *     webhook                |-----------|                           20 … 40
 *     Create etcd3                                     |--------|    80 … 95
 */
const client = span({ service: 'kubectl-trace', id: 'c1', kind: 'client', ...times(0, 100) });

function reported(ahead = 0): Span[] {
  const event = { name: 'About to store object in database', time: times(10, 10, ahead).start, attributes: {} };
  return [
    span({ id: '1', parent: 'c1', kind: 'server', name: 'POST', ...times(4, 96, ahead) }),
    span({ id: '2', parent: '1', name: 'Create', events: [event], ...times(5, 95, ahead) }),
    span({ id: '3', parent: '2', name: 'Call mutating webhook', ...times(20, 40, ahead) }),
    span({ id: '4', parent: '2', name: 'Create etcd3', ...times(80, 95, ahead) }),
  ];
}

const plugin = (id: string, name: string, [from, to]: readonly [number, number], parent = 'e0'): TraceInput => ({
  span: {
    ...span({ id, parent, name, ...times(from, to) }),
    resource: { service: 'apiserver', attributes: { 'process.start_time_unix': '1' } },
  },
  source: 'metric',
  inferred: false,
  precision: 'exact',
});

function traceWith(plugins: readonly TraceInput[], ahead = 0): Trace {
  const found = reported(ahead);
  const expectation = { ...nodesRequest, traceID: traceID('a1'), spanID: client.spanID, serverMinor: 37 };
  const server = serverSpans(found, expectation as unknown as Parameters<typeof serverSpans>[1]);
  assert.ok(server !== undefined);
  const moved = plugins.map((row) => ({
    ...row,
    span: {
      ...row.span,
      start: epochNanos(row.span.start + BigInt(ahead)),
      end: epochNanos(row.span.end + BigInt(ahead)),
    },
  }));
  const trace = assemble([client], [], [{ client, server, found, plugins: moved }]);
  assert.ok(trace !== undefined);
  return trace;
}

const placed = (trace: Trace, name: string) => trace.spans.find((one) => one.span.name === name);

suite('admission plug-ins beside spans', () => {
  const quota = plugin('d1', 'ResourceQuota', [50, 60]);

  test('are below the row that stands for built-in admission', () => {
    const row = placed(traceWith([quota]), 'ResourceQuota');
    assert.equal(row?.parent?.span.name, 'built-in admission, validation (inferred)');
    assert.deepEqual([row?.source, row?.precision, row?.offset, row?.duration], ['metric', 'exact', 50e6, 10e6]);
    assert.equal(row?.span.resource, resource('apiserver'));
  });

  test('are below the span that they lie in, where nothing else is', () => {
    assert.equal(placed(traceWith([plugin('d1', 'Early', [6, 8])]), 'Early')?.parent?.span.name, 'Create');
  });

  test('are left out where a webhook that they call has a span, or outside of the request', () => {
    const trace = traceWith([
      plugin('d1', 'MutatingAdmissionWebhook', [19, 41]),
      plugin('d2', 'Elsewhere', [300, 301]),
    ]);
    assert.equal(placed(trace, 'MutatingAdmissionWebhook'), undefined);
    assert.equal(placed(trace, 'Elsewhere'), undefined);
  });

  test('have the policies that they check below them', () => {
    const policies = plugin('d1', 'ValidatingAdmissionPolicy', [50, 60]);
    const trace = traceWith([policies, plugin('d2', 'validating policy one', [52, 55], 'd1')]);
    assert.equal(placed(trace, 'validating policy one')?.parent?.span.name, 'ValidatingAdmissionPolicy');
  });

  test('are corrected as the spans of the same server, whose clock is off', () => {
    const row = placed(traceWith([quota], 3_600_000 * MILLION), 'ResourceQuota');
    assert.equal(row?.parent?.span.name, 'built-in admission, validation (inferred)');
    assert.ok(Math.abs((row?.offset ?? NaN) - 50e6) <= 5e6, `${row?.offset}`);
  });

  test('change nothing where there are none', () => {
    const names = (trace: Trace): string[] => trace.spans.map((one) => one.span.name);
    const without = names(traceWith([]));
    assert.deepEqual(
      names(traceWith([quota])).filter((name) => name !== 'ResourceQuota'),
      without,
    );
  });
});
