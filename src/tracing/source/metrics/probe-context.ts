import { get } from '../../../kube/api/request.ts';
import type { Cluster } from '../../../kube/http/exchange.ts';
import { requestContext } from '../../../propagation/request-context.ts';
import type { Runtime } from '../../../runtime.ts';
import type { TraceID } from '../../../trace/ids.ts';
import type { MetricsReading, Silence } from './reading.ts';

interface Probe {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  /** Reads the metrics of the same API server once more, for another trace. */
  readonly readAgain: (traceID: TraceID) => Promise<MetricsReading>;
}

/** An API server has observed at least this many filters of a request in the context that it came in. */
const MIN_SERIES = 3;

/**
 * Finds out what becomes of a trace context on its way to the only API server, which does not trace. A second request
 * has a new context, and two readings show which contexts have come in between:
 *
 *     reading 1   ours is not in it
 *     probe       GET /version in a new, sampled trace
 *     reading 2   its trace: arrives   |   one new context: replaced   |   no new context: removed
 */
export async function probeContext(
  first: MetricsReading,
  { cluster, signal, readAgain }: Probe,
  runtime: Runtime,
): Promise<Silence['context']> {
  if (first.status !== 'read' || first.contexts === undefined) return null;
  const context = requestContext(runtime.random);
  const { status } = await cluster.send(get('discovery', '/version', 'application/json'), context, signal);
  if (status === null) return null;
  const second = await readAgain(context.traceID);
  if (second.status !== 'read' || second.startedAt !== first.startedAt) return null;
  if (second.exemplars.length > 0) return 'arrives';
  const { contexts } = second;
  if (contexts === undefined) return null;
  const others = [...contexts.values()].filter(({ key }) => first.contexts?.has(key) === false);
  if (others.length === 0) return 'removed';
  // With several, other clients' requests may have replaced the exemplars of ours.
  const [only] = others;
  return others.length === 1 && only !== undefined && only.series >= MIN_SERIES ? 'replaced' : null;
}
