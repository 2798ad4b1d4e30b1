import type { CommonArguments } from '../cli/arguments.ts';
import { clusterFlags } from '../format/cluster-flags.ts';
import type { NamesByUID } from '../kube/api/flow-control.ts';
import type { Report } from '../report/report.ts';
import type { Runtime } from '../runtime.ts';
import { between } from '../trace/time.ts';
import type { BackendChoice } from './backend/choice.ts';
import { recordSpans } from './client-spans.ts';
import { commandReport } from './command-report.ts';
import { withFirstFrame } from './first-frame.ts';
import { lookUpSent, nameFlowControl } from './lookup/sent-requests.ts';
import type { LookupResult } from './lookup/task.ts';
import type { Output } from './output.ts';
import type { SentRequests } from './sent-requests.ts';
import { withMeasurement } from './source/metrics/combine.ts';
import type { Measurement } from './source/metrics/measure.ts';
import { startMeasurement } from './source/metrics/start.ts';

/** A command, and how the traces of its requests are looked up. */
export interface ReportTask {
  readonly invocation: CommonArguments & { readonly kind: string };
  readonly choice: BackendChoice;
  /** Where the command's own spans go; undefined for nowhere. */
  readonly exportURL: string | undefined;
  readonly version: string;
  /** Draws a report on the terminal that is erased before the next one; undefined where none is drawn. */
  readonly drawFirst?: Output | undefined;
}

/** Looks up the traces of what was sent, then judges, assembles and analyses them. Prints nothing. */
export async function buildReport(sent: SentRequests, task: ReportTask, runtime: Runtime): Promise<Report> {
  const { invocation, version } = task;
  const { command, cluster, requests, errorMessage } = sent;
  const measurement = startMeasurement(sent, invocation, runtime);
  await measurement?.begun;
  const recording = recordSpans(
    {
      command,
      name: sent.spanName,
      requests: sent.clientRequests,
      errorMessage,
      version,
      exportURL: task.exportURL,
    },
    runtime,
  );
  const looking = lookUpSent(sent, { invocation, choice: task.choice, measurement: measurement?.result }, runtime);
  const reportOf = async (found: LookupResult, names: NamesByUID): Promise<Report> => {
    const { spans } = await recording;
    const { traceID, spanID, parentSpanID, startedAt, endedAt } = command;
    return {
      toolVersion: version,
      ...concluded(sent, found),
      cluster: { context: cluster.contextName, server: cluster.server, version: found.serverVersion },
      command: {
        verb: invocation.kind,
        args: invocation.args,
        ran: sent.ran ?? null,
        traceID,
        spanID,
        parentSpanID,
        startTime: startedAt,
        durationNanos: between(startedAt, endedAt),
      },
      ...commandReport(requests, spans, found, { names, flags: clusterFlags(invocation.args) }),
    };
  };
  const { drawFirst } = task;
  const draw = (measured: Measurement): Promise<string> | undefined =>
    drawFirst && isFirst(measured, sent, invocation)
      ? reportOf(measuredAlone(measured, sent, invocation), new Map()).then(drawFirst)
      : undefined;
  const [recorded, found, names] = await Promise.all([
    recording,
    measurement === undefined || drawFirst === undefined
      ? looking
      : withFirstFrame(looking, { measurement: measurement.result, draw }, runtime),
    nameFlowControl(requests, cluster, invocation, runtime),
  ]);
  await recorded.exported;
  return reportOf(found, names);
}

/** The error of a failed request takes the place of the look-up's, and needs its reason why there is no more of the request. */
function concluded(
  sent: SentRequests,
  { error: lookupError, unmeasured }: LookupResult,
): ReturnType<SentRequests['conclude']> {
  const { exitCode, error } = sent.conclude(lookupError);
  if (error === null || error === lookupError || unmeasured === undefined) return { exitCode, error };
  return { exitCode, error: { ...error, details: [...(error.details ?? []), unmeasured] } };
}

/** The metrics have all that is awaited, and spans may still come. */
function isFirst(
  { rows, isUntraced }: Measurement,
  { requests, isAwaited }: SentRequests,
  { lookup }: CommonArguments,
): boolean {
  if (isUntraced && !lookup.waitIsExplicit) return false;
  const awaited = requests.filter((request) => request.status !== null && isAwaited(request));
  return awaited.length > 0 && awaited.every((request) => rows.has(request));
}

/** The result of a look-up that has found nothing yet. */
const measuredAlone = (
  measurement: Measurement,
  { requests, command: { traceID }, isAwaited }: SentRequests,
  { lookup: flags }: CommonArguments,
): LookupResult =>
  withMeasurement({ requests: [], backend: null, serverVersion: null, error: null }, measurement, {
    requests,
    traceID,
    flags,
    isAwaited,
  });
