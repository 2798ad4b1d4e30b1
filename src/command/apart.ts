import type { Cluster, Exchange, KubeRequest } from '../kube/exchange.ts';
import { auditIDOf } from '../propagation/audit-id.ts';
import type { Runtime } from '../runtime.ts';
import { newSpanID, newTraceID } from '../trace/ids.ts';

/** Sends requests of the tool's own, each in a trace of its own: they must not show in the one that is looked at. */
export function apart(
  cluster: Cluster,
  runtime: Runtime,
  signal: AbortSignal,
): (request: KubeRequest) => Promise<Exchange> {
  return (request) => {
    const traceID = newTraceID(runtime.random);
    const spanID = newSpanID(runtime.random);
    return cluster.send(request, { traceID, spanID, auditID: auditIDOf(traceID, spanID) }, signal);
  };
}
