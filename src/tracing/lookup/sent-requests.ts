import type { RequestInvocation } from '../../commands/invocation.ts';
import type { Cluster } from '../../kube/http/exchange.ts';
import type { NamesByUID } from '../../kube/api/flow-control.ts';
import { openFlowControlCache } from '../../kube/api/flow-control-cache.ts';
import type { RequestReport } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import { after } from '../../trace/time.ts';
import { watchAdmission } from './admission.ts';
import { awaitedOf } from './awaited.ts';
import type { BackendChoice } from '../backend/choose.ts';
import type { CommandSpan } from '../client-spans.ts';
import { commandName } from '../command-name.ts';
import { flowControlNamesOf } from './flow-control.ts';
import { watchPrediction } from './prediction.ts';
import { lookUp } from './find-traces.ts';
import type { LookedUp } from './task.ts';

/** A command whose requests are over and whose traces are wanted. */
export interface SentCommand {
  readonly invocation: RequestInvocation;
  readonly cluster: Cluster;
  readonly command: CommandSpan;
  readonly choice: BackendChoice;
  /** Different for each command; null where others have the same. */
  readonly userAgent: string | null;
}

/** Looks for the traces of what was sent just now, and meanwhile asks the cluster whether there can be any. */
export function lookUpSent(
  sent: readonly RequestReport[],
  { invocation, cluster, command, choice, userAgent }: SentCommand,
  runtime: Runtime,
): Promise<LookedUp> {
  const { lookup: flags } = invocation;
  return lookUp(
    {
      requests: sent,
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
      isAwaited: awaitedOf(invocation.kind, sent),
      server: null,
      predict: async (watch) => {
        const admission = watchAdmission(watch, { cluster, requests: sent }, runtime);
        await watchPrediction(watch, { cluster, explicit: flags.waitIsExplicit }, runtime);
        await admission;
      },
    },
    runtime,
  );
}

/** Who does not wait for a trace does not wait for names either. */
export function nameFlowControl(
  requests: readonly RequestReport[],
  { cluster, invocation: { connection, lookup } }: Pick<SentCommand, 'cluster' | 'invocation'>,
  runtime: Runtime,
): Promise<NamesByUID> {
  const cache = openFlowControlCache(connection, cluster.server, runtime);
  return flowControlNamesOf({ requests, cluster, cache, ask: lookup.wait > 0 }, runtime);
}
