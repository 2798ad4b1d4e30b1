import type { CommonArguments } from '../cli/arguments.ts';
import type { Report } from '../report/report.ts';
import type { Runtime } from '../runtime.ts';
import { between } from '../trace/time.ts';
import type { BackendChoice } from './backend/choice.ts';
import { recordSpans } from './client-spans.ts';
import { commandReport } from './command-report.ts';
import { lookUpSent, nameFlowControl } from './lookup/sent-requests.ts';
import type { SentRequests } from './sent-requests.ts';
import { startMeasurement } from './source/metrics/start.ts';

/** A command, and how the traces of its requests are looked up. */
export interface ReportTask {
  readonly invocation: CommonArguments & { readonly kind: string };
  readonly choice: BackendChoice;
  /** Where the command's own spans go; undefined for nowhere. */
  readonly exportURL: string | undefined;
  readonly version: string;
}

/** Looks up the traces of what was sent, then judges, assembles and analyses them. Prints nothing. */
export async function buildReport(sent: SentRequests, task: ReportTask, runtime: Runtime): Promise<Report> {
  const { invocation, version } = task;
  const { command, cluster, requests, errorMessage } = sent;
  const measurement = startMeasurement(sent, invocation, runtime);
  await measurement?.begun;
  const [recorded, found, names] = await Promise.all([
    recordSpans(
      {
        command,
        name: sent.spanName,
        requests: sent.clientRequests,
        errorMessage,
        version,
        exportURL: task.exportURL,
      },
      runtime,
    ),
    lookUpSent(sent, { invocation, choice: task.choice, measurement: measurement?.result }, runtime),
    nameFlowControl(requests, cluster, invocation, runtime),
  ]);
  await recorded.exported;
  const { traceID, spanID, parentSpanID, startedAt, endedAt } = command;
  const { context } = invocation.connection;
  return {
    toolVersion: version,
    ...sent.conclude(found.error),
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
    ...commandReport(requests, recorded.spans, found, { names, context }),
  };
}
