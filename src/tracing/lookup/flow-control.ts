import type { Cluster } from '../../kube/http/exchange.ts';
import {
  FLOW_CONTROL_RESOURCES,
  flowControlNames,
  flowControlRequest,
  type NamesByUID,
} from '../../kube/api/flow-control.ts';
import type { FlowControlCache } from '../../kube/api/flow-control-cache.ts';
import type { RequestReport } from '../../report/report.ts';
import { withDeadline } from '../../deadline.ts';
import type { Runtime } from '../../runtime.ts';
import { sendUntraced } from '../untraced.ts';

/** A missing name must not delay the report. */
const TIMEOUT_MILLIS = 1000;

export interface NamingTask {
  readonly requests: readonly RequestReport[];
  readonly cluster: Cluster;
  readonly cache: FlowControlCache;
  /** False: only cached names are used, and nothing is sent. */
  readonly mayQuery: boolean;
}

/**
 * The names of the priority levels and flow schemas that the responses named by UID. They are queried after the user's
 * requests, in separate traces, and only for a new UID. An unknown one is reported by its UID. Never rejects.
 */
export async function flowControlNamesOf(
  { requests, cluster, cache, mayQuery }: NamingTask,
  runtime: Runtime,
): Promise<NamesByUID> {
  const wanted = requests.flatMap(({ priorityLevel, flowSchema }) => [priorityLevel, flowSchema]);
  if (wanted.every((uid) => uid === null)) return new Map();
  const cached = await cache.read();
  const isKnown = wanted.every((uid) => uid === null || cached.has(uid));
  if (isKnown || !mayQuery || runtime.interrupted.aborted) return cached;

  const names = await withDeadline(runtime.clock, TIMEOUT_MILLIS, runtime.interrupted, (signal) =>
    queryNames(cluster, runtime, signal),
  );
  if (names.size === 0) return cached;
  await cache.write(names);
  return names;
}

async function queryNames(cluster: Cluster, runtime: Runtime, signal: AbortSignal): Promise<NamesByUID> {
  const send = sendUntraced(cluster, runtime, signal);
  const names = new Map<string, string>();
  for (const resource of FLOW_CONTROL_RESOURCES) {
    const found = flowControlNames(await send(flowControlRequest(resource)));
    if (found === undefined) break;
    for (const [uid, name] of found) names.set(uid, name);
  }
  return names;
}

/** The same request with names in place of UIDs, where they are known. */
export function withNames<T extends Pick<RequestReport, 'priorityLevel' | 'flowSchema'>>(
  request: T,
  names: NamesByUID,
): T {
  const nameOf = (uid: string | null): string | null => (uid === null ? null : (names.get(uid) ?? uid));
  return { ...request, priorityLevel: nameOf(request.priorityLevel), flowSchema: nameOf(request.flowSchema) };
}
