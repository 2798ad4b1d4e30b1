import type { Cluster, Exchange, KubeRequest } from '../kube/exchange.ts';
import { MOST_REPEATS, repeatAfterMillis } from '../kube/repeat.ts';
import { auditIDOf } from '../propagation/audit-id.ts';
import type { Runtime } from '../runtime.ts';
import { newSpanID, newTraceID } from '../trace/ids.ts';

/** Sends requests of the tool's own, each in a trace of its own: they must not show in the one that is looked at. */
export function apart(
  cluster: Cluster,
  runtime: Runtime,
  signal: AbortSignal,
): (request: KubeRequest) => Promise<Exchange> {
  return async (request) => {
    for (let repeats = 0; ; repeats++) {
      const traceID = newTraceID(runtime.random);
      const spanID = newSpanID(runtime.random);
      const exchange = await cluster.send(request, { traceID, spanID, auditID: auditIDOf(traceID, spanID) }, signal);
      const pause = repeats < MOST_REPEATS ? repeatAfterMillis(exchange) : undefined;
      if (pause === undefined || signal.aborted) return exchange;
      await runtime.clock.sleep(pause, signal).catch(() => undefined);
      if (signal.aborted) return exchange;
    }
  };
}
