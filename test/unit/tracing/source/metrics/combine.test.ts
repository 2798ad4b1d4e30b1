import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ErrorReport } from '../../../../../src/report/report.ts';
import { nanos } from '../../../../../src/trace/time.ts';
import type { TraceInput } from '../../../../../src/trace/trace.ts';
import type { LookupResult, RequestLookup } from '../../../../../src/tracing/lookup/task.ts';
import { withMeasurement } from '../../../../../src/tracing/source/metrics/combine.ts';
import type { Measurement } from '../../../../../src/tracing/source/metrics/measure.ts';
import { foundLookup, missingLookup, nodesRequest } from '../../../../support/reports.ts';
import { span, traceID } from '../../../../support/spans.ts';

const row: TraceInput = {
  span: span({ service: 'apiserver', id: '5e', kind: 'server' }),
  source: 'metric',
  inferred: false,
  precision: 'exact',
};
const filters = ['audit', 'constrainedimpersonation', 'priorityandfairness', 'authorization'].map(
  (name): TraceInput => ({ ...row, span: { ...row.span, name } }),
);
const bound: TraceInput = { ...row, inferred: true, precision: 'at-most' };

const measured: Measurement = {
  reading: { status: 'read', exemplars: [], startedAt: null, tookNanos: nanos(48e6) },
  rows: new Map([[nodesRequest, [row, ...filters, bound]]]),
  flowControl: new Map([[nodesRequest, { priorityLevel: 'global-default', flowSchema: 'global-default' }]]),
  remarks: new Map(),
  replacedBy: new Map(),
  isUntraced: true,
  tookNanos: nanos(48e6),
  before: undefined,
};
const nothing: Measurement = { ...measured, rows: new Map(), isUntraced: false };

const noBackend: ErrorReport = {
  code: 5,
  reason: 'NoBackend',
  message: 'the request succeeded, but no backend',
  hint: null,
};
const notFound: ErrorReport = {
  code: 3,
  reason: 'TraceNotFound',
  message: 'the request succeeded, but no trace',
  hint: null,
};
const lookedUp: LookupResult = { requests: [], backend: null, serverVersion: null, error: null };

const missing: RequestLookup = {
  sent: nodesRequest,
  awaited: true,
  webhooks: null,
  server: undefined,
  found: [],
  report: missingLookup,
};

const asked = (requireComplete: boolean): Parameters<typeof withMeasurement>[2] => ({
  requests: [nodesRequest],
  traceID: traceID('a1'),
  flags: {
    wait: nanos(30e9),
    waitIsExplicit: false,
    waitIsDefault: true,
    metrics: 'auto',
    metricsIsExplicit: false,
    requireComplete,
    history: false,
    backendIsExplicit: false,
  },
  isAwaited: () => true,
});

const combine = (looked: Partial<LookupResult>, measurement: Measurement, requireComplete = false): LookupResult =>
  withMeasurement({ ...lookedUp, ...looked }, measurement, asked(requireComplete));

suite('metrics are the source', () => {
  test('where no backend is known: measured, without an error', () => {
    const { error, requests } = combine({ error: noBackend }, measured);
    assert.equal(error, null);
    const [one] = requests;
    assert.deepEqual(
      [one?.report.verdict, one?.report.foundBy, one?.report.prediction, one?.report.received, one?.report.waitedNanos],
      ['measured', 'metrics', 'untraced', 5, 48e6],
    );
    assert.deepEqual(one?.measured, [row, ...filters, bound]);
    assert.equal(one?.flowControl?.priorityLevel, 'global-default');
  });

  test('where the trace was not found, and say why a backend has none', () => {
    assert.equal(combine({ error: notFound, requests: [missing] }, measured).error, null);
    const unreachable = {
      ...noBackend,
      reason: 'BackendUnavailable',
      message: 'the request succeeded, but it is down',
    };
    const { error, requests } = combine({ error: unreachable, requests: [missing] }, measured);
    assert.equal(error, null);
    assert.deepEqual(
      requests[0]?.report.reasons.map(({ message }) => message),
      ['No spans from the trace backend: it is down.'],
    );
  });

  test('but are not complete', () => {
    const { error } = combine({ error: noBackend }, measured, true);
    assert.deepEqual([error?.code, error?.reason], [4, 'TraceIncomplete']);
    assert.match(error?.message ?? '', /^the trace is measured, /);
  });
});

test('a row that includes etcd comes with the flag that shows it', () => {
  const storage = { ...bound, span: { ...bound.span, name: 'storage, encode, write (inferred)' } };
  const codes = (before: Measurement['before']): string[] | undefined => {
    const rows = new Map([[nodesRequest, [row, ...filters, storage]]]);
    return combine({ error: noBackend }, { ...measured, rows, before }).requests[0]?.report.reasons.map(
      ({ code }) => code,
    );
  };
  assert.deepEqual(codes(undefined), ['etcd-included']);
  assert.deepEqual(codes({ reading: measured.reading, start: row.span.start, end: row.span.end }), []);
});

test('spans win where both exist', () => {
  const root = span({ service: 'apiserver', id: '6e', kind: 'server' });
  const found: RequestLookup = {
    ...missing,
    server: { root, contextKept: true, spans: [root], childrenOf: () => [] },
    report: foundLookup,
  };
  const [one] = combine({ requests: [found] }, measured).requests;
  assert.equal(one?.report, foundLookup);
  assert.equal(one.measured, undefined);
  assert.equal(one.flowControl?.flowSchema, 'global-default');
});

test('a request whose exemplars were replaced is partial, and no error', () => {
  const other = { ...nodesRequest, path: '/api/v1/pods' };
  const { error, requests } = withMeasurement({ ...lookedUp, error: noBackend }, measured, {
    ...asked(false),
    requests: [other, nodesRequest],
  });
  assert.equal(error, null);
  assert.deepEqual(
    requests.map(({ report }) => [report.verdict, report.prediction, report.reasons.map(({ code }) => code)]),
    [
      ['partial', 'untraced', ['exemplars-replaced']],
      ['measured', 'untraced', []],
    ],
  );
});

suite('metrics without a row', () => {
  test('leave the error, with a line about them', () => {
    const refused: Measurement = { ...nothing, reading: { status: 'refused' } };
    const { error, requests } = combine({ error: noBackend }, refused);
    assert.deepEqual(requests, []);
    assert.equal(error?.code, 5);
    assert.match(error.details?.[0] ?? '', /may not read \/metrics: bind ClusterRole system:monitoring$/);
    const failed: Measurement = { ...nothing, reading: { status: 'failed', problem: 'it responded with status 500' } };
    assert.match(combine({ error: notFound }, failed).error?.details?.[0] ?? '', /it responded with status 500$/);
    assert.match(combine({ error: notFound }, nothing).error?.details?.[0] ?? '', /older than Kubernetes 1\.32/);
  });

  test('change nothing where the trace was found', () => {
    const looked = { ...lookedUp, requests: [{ ...missing, report: foundLookup }] };
    assert.deepEqual(combine(looked, nothing), looked);
  });
});

suite('a server whose flags say that it does not trace', () => {
  const silence = { tracing: 'off', context: 'removed' } as const;
  const untraced: Measurement = {
    ...nothing,
    reading: { status: 'read', exemplars: [], startedAt: null, tookNanos: nanos(48e6), silence },
    isUntraced: true,
  };

  test('is predicted to have no trace, and the cause of missing exemplars is named', () => {
    const { error, requests } = combine({ error: notFound, requests: [missing] }, untraced);
    assert.deepEqual(
      requests.map(({ report }) => [report.verdict, report.prediction]),
      [['missing', 'untraced']],
    );
    assert.equal(error?.code, 3);
    assert.match(error.details?.[0] ?? '', /a proxy between here and the API server removes the trace context/);
    assert.match(error.details?.[1] ?? '', /runs without --tracing-config-file/);
  });

  test('needs no backend, which would not have the trace', () => {
    const { error } = combine({ error: { ...noBackend, hint: 'give --backend' } }, untraced);
    assert.deepEqual([error?.code, error?.hint], [5, '--wait 0 skips the lookup']);
  });
});
