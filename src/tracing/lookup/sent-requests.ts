import type { CommonArguments } from '../../cli/arguments.ts';
import { openFlowControlCache } from '../../kube/api/flow-control-cache.ts';
import type { NamesByUID } from '../../kube/api/flow-control.ts';
import type { Cluster } from '../../kube/http/exchange.ts';
import type { RequestReport } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import { after } from '../../trace/time.ts';
import type { BackendChoice } from '../backend/choice.ts';
import { commandName } from '../command-span.ts';
import type { SentRequests } from '../sent-requests.ts';
import { readAdmission } from './admission.ts';
import { readDefinitions } from './definitions.ts';
import { lookUp } from './find-traces.ts';
import { flowControlNamesOf } from './flow-control.ts';
import { startPrediction } from './prediction.ts';
import { withAuditLogCommand } from '../source/audit/provider-command.ts';
import { withMeasurement } from '../source/metrics/combine.ts';
import type { Measurement } from '../source/metrics/measure.ts';
import type { LookupResult, LookupTask } from './task.ts';

/** A trace that was found is not delayed for longer by the metrics, which only add to it. */
const GRACE_MILLIS = 250;

/** The sent requests, and where to look for their traces. */
interface SentLookup {
  readonly invocation: CommonArguments;
  readonly choice: BackendChoice;
  /** The requests as the API server's metrics have them; undefined where they are not read. */
  readonly measurement: Promise<Measurement> | undefined;
}

/** Looks up the traces of the requests just sent, and meanwhile queries the cluster whether there can be any. */
export async function lookUpSent(
  { cluster, command, requests, userAgent, isAwaited }: SentRequests,
  { invocation, choice, measurement }: SentLookup,
  runtime: Runtime,
): Promise<LookupResult> {
  const { lookup: flags } = invocation;
  const task: LookupTask = {
    requests,
    traceID: command.traceID,
    spanID: command.spanID,
    parentSpanID: command.parentSpanID,
    startedAt: command.startedAt,
    command: commandName(invocation),
    userAgent,
    choice,
    clusterOf: async () => cluster,
    flags,
    deadline: after(command.endedAt, flags.wait),
    past: false,
    isAwaited,
    server: null,
    untraced: measurement?.then(({ isUntraced }) => isUntraced),
    predict: (prediction) => ({
      admission: readAdmission({ cluster, requests }, prediction.done, runtime),
      types: readDefinitions({ cluster, requests }, prediction.done, runtime),
      ...startPrediction(prediction, { cluster, explicit: flags.waitIsExplicit }, runtime),
    }),
  };
  const looked = await lookUp(task, runtime);
  const isFound = looked.requests.length > 0 && looked.requests.every(({ awaited, server }) => !awaited || server);
  const measured = await (isFound ? Promise.race([measurement, runtime.clock.sleep(GRACE_MILLIS)]) : measurement);
  return withAuditLogCommand(measured ? withMeasurement(looked, measured, task) : looked, task, cluster);
}

/** With --wait 0 only names that are cached are known: a user who does not wait for a trace does not wait for names. */
export function nameFlowControl(
  requests: readonly RequestReport[],
  cluster: Cluster,
  { connection, lookup }: CommonArguments,
  runtime: Runtime,
): Promise<NamesByUID> {
  const cache = openFlowControlCache(connection, cluster.server, runtime);
  return flowControlNamesOf({ requests, cluster, cache, mayQuery: lookup.wait > 0 }, runtime);
}
