import type { CommonArguments } from '../../cli/arguments.ts';
import { openFlowControlCache } from '../../kube/api/flow-control-cache.ts';
import type { NamesByUID } from '../../kube/api/flow-control.ts';
import type { Cluster } from '../../kube/http/exchange.ts';
import type { RequestReport } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import { after } from '../../trace/time.ts';
import type { BackendChoice } from '../backend/choice.ts';
import { commandName } from '../client-spans.ts';
import type { SentRequests } from '../sent-requests.ts';
import { readAdmission } from './admission.ts';
import { lookUp } from './find-traces.ts';
import { flowControlNamesOf } from './flow-control.ts';
import { startPrediction } from './prediction.ts';
import type { LookupResult } from './task.ts';

/** Looks up the traces of the requests just sent, and meanwhile queries the cluster whether there can be any. */
export function lookUpSent(
  { cluster, command, requests, userAgent, isAwaited }: SentRequests,
  { invocation, choice }: { readonly invocation: CommonArguments; readonly choice: BackendChoice },
  runtime: Runtime,
): Promise<LookupResult> {
  const { lookup: flags } = invocation;
  return lookUp(
    {
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
      predict: (task) => ({
        admission: readAdmission({ cluster, requests }, task.done, runtime),
        ...startPrediction(task, { cluster, explicit: flags.waitIsExplicit }, runtime),
      }),
    },
    runtime,
  );
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
