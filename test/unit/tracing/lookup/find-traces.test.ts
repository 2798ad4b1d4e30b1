import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookUpIn } from '../../../../src/tracing/lookup/find-traces.ts';
import type { LookupResult } from '../../../../src/tracing/lookup/task.ts';
import type { Span } from '../../../../src/trace/span.ts';
import { nanosFromMillis } from '../../../../src/trace/time.ts';
import { testRuntime } from '../../kube/fixture.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { lookupTask, wantedOf } from '../../../support/lookup-task.ts';
import { nodesRequest } from '../../../support/reports.ts';
import { simulatedBackend } from '../../../support/simulated-backend.ts';
import { span, spanID, traceID } from '../../../support/spans.ts';

/** Looks for the trace of one request in a backend that has these spans and gets no others. */
const lookFor = (...spans: readonly Span[]): Promise<LookupResult> => lookForBeside(undefined, ...spans);

/** The same beside another source, which may prove that the API server does not trace. */
async function lookForBeside(untraced: Promise<boolean> | undefined, ...spans: readonly Span[]): Promise<LookupResult> {
  const clock = new FakeClock();
  const flags = {
    wait: nanosFromMillis(30_000),
    waitIsExplicit: false,
    waitIsDefault: true,
    metrics: 'auto' as const,
    metricsIsExplicit: false,
    requireComplete: false,
    history: false,
    backendIsExplicit: false,
  };
  const startedAt = clock.now();
  const task = {
    ...lookupTask({ request: nodesRequest, traceID: traceID('a1'), startedAt, flags }),
    spanID: spanID('c0'),
    untraced,
  };
  await clock.sleep(nodesRequest.durationNanos / 1e6);
  const backend = simulatedBackend(clock, [{ at: startedAt, spans }]);
  return lookUpIn({ backend }, [wantedOf(task, nodesRequest)], task, testRuntime({ clock }));
}

const client = { service: 'kubectl-trace' } as const;
const command = span({ ...client, id: 'c0', name: 'kubectl trace get nodes' });
const request = span({
  ...client,
  id: 'c1',
  parent: 'c0',
  kind: 'client',
  name: 'GET',
  attributes: { 'audit-id': nodesRequest.auditID! },
});

test("a backend with only the command's exported spans does not have the trace", async () => {
  const { error, requests } = await lookFor(command, request);
  assert.equal(error?.code, 3);
  assert.equal(error.reason, 'TraceNotFound');
  assert.deepEqual(
    requests.map(({ report }) => [report.verdict, report.foundBy, report.traceID, report.received]),
    [['missing', null, null, 0]],
  );
  assert.ok(requests[0]!.report.waitedNanos > 29e9, 'it was looked for all the time');
});

test('gateway spans are part of the trace, and counted', async () => {
  const gateway = span({ service: 'gateway', id: '2', parent: 'c1', kind: 'server' });
  const onward = span({ service: 'gateway', id: '3', parent: '2', kind: 'client' });
  const { error, requests } = await lookFor(command, request, gateway, onward);
  assert.equal(error, null);
  const [{ report, found }] = requests as [(typeof requests)[number]];
  assert.deepEqual([report.verdict, report.received, found.length], ['partial', 2, 2]);
  assert.equal(report.missing[0]?.service, 'apiserver');
});

test('where another source proves that the API server does not trace, the first look is the last', async () => {
  const { error, requests } = await lookForBeside(Promise.resolve(true), command);
  assert.deepEqual([error?.code, error?.reason], [3, 'TraceNotSampled']);
  assert.equal(error?.message, 'the request succeeded, but the API server does not trace');
  assert.equal(error.details, undefined);
  assert.ok(requests[0]!.report.waitedNanos < 1e9, 'it was not looked for any longer');
});
