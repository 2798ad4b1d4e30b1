import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report, RequestReport } from '../../../../src/report/report.ts';
import { runLookup, runSentences, runWords } from '../../../../src/render/terminal/run-line.ts';
import { nanos } from '../../../../src/trace/time.ts';
import { foundLookup, missingLookup, nodesRequest, reportOf } from '../../../support/reports.ts';
import { traceID } from '../../../support/spans.ts';

function ran(requests: readonly RequestReport[], over: Partial<Report> = {}): Report {
  const report = reportOf(undefined, { requests });
  const args = ['run', '-o', 'wide', '--', 'kubectl', 'get', 'nodes', '-o', 'yaml'];
  return { ...report, command: { ...report.command, verb: 'run', args, durationNanos: nanos(1.5e9) }, ...over };
}

const repeat = (count: number, parts: Partial<RequestReport> = {}): RequestReport[] =>
  Array.from({ length: count }, () => ({ ...nodesRequest, ...parts }));

test('the header of run shows the command, its exit and its requests', () => {
  const requests = [
    ...repeat(2, { purpose: 'discovery', path: '/api' }),
    ...repeat(380),
    ...repeat(1, { method: 'PATCH' }),
    { ...nodesRequest, query: 'limit=1' },
  ];
  assert.deepEqual(runWords(ran(requests, { exitCode: 1 })), [
    'kubectl get nodes -o yaml',
    'exit status 1',
    '1.50 s',
    '382 requests, 2 for discovery',
  ]);
  assert.equal(runWords(ran(repeat(2, { purpose: 'discovery' }))).at(-1), '2 requests for discovery');
});

test('the header of run shows the worst verdict, and the spans of all requests', () => {
  const partial = { ...foundLookup, verdict: 'partial' as const, expected: 5, received: 4, waitedNanos: nanos(9e9) };
  const requests = [...repeat(2), ...repeat(1, { lookup: partial }), ...repeat(1, { purpose: 'discovery' })];
  const lookup = runLookup(ran(requests, { verdict: 'partial' }));
  assert.deepEqual(
    [lookup?.verdict, lookup?.received, lookup?.expected, lookup?.waitedNanos, lookup?.foundBy],
    ['partial', 26, 27, 9e9, 'trace-id'],
  );
  assert.equal(runLookup(ran(repeat(2, { lookup: null }))), null);
});

test('the header of run counts traces started by the server, and traces not found', () => {
  const own = (id: string): RequestReport => ({
    ...nodesRequest,
    lookup: { ...foundLookup, contextKept: false, traceID: traceID(id) },
  });
  const requests = [own('b1'), own('b2'), ...repeat(1, { lookup: missingLookup })];
  const notFound = '1 trace of 3 requests was not found.';
  assert.deepEqual(runSentences(ran(requests, { verdict: 'missing' }), false), [notFound]);
  assert.deepEqual(runSentences(ran(requests, { verdict: 'missing' }), true), [
    `The API server started 2 new traces (the first is ${traceID('b1')}), because it does not accept trace context from this user.`,
    notFound,
  ]);
});
