import type { Cluster } from '../kube/exchange.ts';
import { MOST_REPEATS, repeatAfterMillis } from '../kube/repeat.ts';
import type { SendStream } from '../kube/watch.ts';
import { auditIDOf } from '../propagation/audit-id.ts';
import type { Runtime } from '../runtime.ts';
import { newSpanID, newTraceID } from '../trace/ids.ts';

/** Sends requests of the tool's own, each in a trace of its own: they must not show in the one that is looked at. */
export function apart(cluster: Cluster, runtime: Runtime, signal: AbortSignal): SendStream {
  return async (request, reading) => {
    const until = reading === undefined ? signal : AbortSignal.any([signal, reading.signal]);
    for (let repeats = 0; ; repeats++) {
      const traceID = newTraceID(runtime.random);
      const spanID = newSpanID(runtime.random);
      const context = { traceID, spanID, auditID: auditIDOf(traceID, spanID) };
      const exchange = await cluster.send(request, context, until, reading?.onData);
      const pause = repeats < MOST_REPEATS ? repeatAfterMillis(exchange) : undefined;
      if (pause === undefined || until.aborted) return exchange;
      await runtime.clock.sleep(pause, until).catch(() => undefined);
      if (until.aborted) return exchange;
    }
  };
}
