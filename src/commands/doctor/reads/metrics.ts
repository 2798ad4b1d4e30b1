import { contextsOf, exemplarsOf } from '../../../codec/metrics/exemplars.ts';
import type { MeasuredRequests } from '../../../doctor/observed.ts';
import type { Reading } from '../../../doctor/reading.ts';
import { metricsBody, metricsRequest } from '../../../kube/api/metrics/request.ts';
import type { Exchange } from '../../../kube/http/exchange.ts';
import { METRIC_NAMES, REQUEST_DURATION } from '../../../tracing/source/metrics/stages.ts';
import { send, type ReadContext } from './reader.ts';
import type { RequestContext } from '../../../propagation/request-context.ts';

/** The bodies of two readings of one API server, around the requests in question. */
export interface MetricsAround {
  readonly before: Exchange;
  readonly later: Exchange;
}

export const readMetrics = (context: ReadContext): Promise<Exchange> => send(metricsRequest(METRIC_NAMES), context);

/** The series of the canary, which few other clients add to. */
const isCanary = ({ verb, resource, scope }: Readonly<Record<string, string>>): boolean =>
  verb === 'LIST' && resource === 'nodes' && scope === 'cluster';

/**
 * Counts requests of ours in the metrics. With exemplars of our own trace, the server that served it continues our context,
 * or does not trace: then they have our own span ID. Without them it begins its own traces, of which there are new ones
 * where it has recorded our requests.
 */
export function measuredRequests(
  { before, later }: MetricsAround,
  sent: readonly Pick<RequestContext, 'traceID' | 'spanID'>[],
): Reading<MeasuredRequests> {
  if (later.status === 401 || later.status === 403) return { status: 'refused', rule: 'get /metrics' };
  const bodies = [before, later].map(metricsBody);
  for (const body of bodies) if ('problem' in body) return { status: 'failed', problem: body.problem };
  const [first, last] = bodies as [Uint8Array, Uint8Array];
  if (before.headers['process-start-time-unix'] !== later.headers['process-start-time-unix']) {
    return { status: 'none', why: 'two API servers responded' };
  }
  let [ours, untraced] = [0, 0];
  for (const { traceID, spanID } of sent) {
    const exemplars = exemplarsOf(last, traceID) ?? [];
    if (exemplars.length === 0) continue;
    ours++;
    if (exemplars.every((exemplar) => exemplar.spanID === spanID)) untraced++;
  }
  const known = tracesIn(first);
  const others = [...tracesIn(last)].filter((id) => !known.has(id) && !sent.some(({ traceID }) => traceID === id));
  return { status: 'read', value: { ours, untraced, others: others.length } };
}

/** IDs of the traces that have an exemplar in the series of the canary. */
function tracesIn(body: Uint8Array): ReadonlySet<string> {
  const contexts = contextsOf(body, REQUEST_DURATION, isCanary);
  return new Set([...(contexts?.keys() ?? [])].map((key) => key.slice(0, key.indexOf('-'))));
}
