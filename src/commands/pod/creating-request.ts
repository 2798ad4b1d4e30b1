import type { ClusterClock } from '../../kube/api/cluster-clock.ts';
import type { Exchange } from '../../kube/http/exchange.ts';
import { parseJSON } from '../../kube/json.ts';
import type { CreatingRequest } from '../../pod/creating-request.ts';
import { workloadObjectOf } from '../../pod/workload/object.ts';
import type { Report } from '../../report/report.ts';
import { after, nanos } from '../../trace/time.ts';
import type { TraceInput } from '../../trace/trace.ts';

const CREATED = 201;
const SLACK = 2_000_000_000n;

/**
 * Whether the request has written the object of its response. The API server responds 201 for a new object, and 200 for
 * an existing one. An apply that changes nothing leaves the times of managedFields as they were (k8s.io/apiserver
 * pkg/endpoints/handlers/fieldmanager/equality.go, IgnoreManagedFieldsTimestampsTransformer).
 */
export function hasWritten({ status, request, body, startedAt }: Exchange, clock: ClusterClock): boolean {
  if (status === CREATED) return true;
  // A pod that was there before keeps its creation.
  if (request.resource === 'pods') return false;
  const changed = workloadObjectOf(parseJSON(body))?.changedAt;
  if (changed === undefined || clock.offset === undefined) return true;
  const since = BigInt(changed.uncertainty) + BigInt(clock.offset.uncertainty) + SLACK;
  return changed.at + since >= clock.at(startedAt);
}

/** The spans of the request that has made the pods, as they stand in the tree of their own command; undefined without. */
export function creatingRequest(
  report: Report | undefined,
  made: Exchange | undefined,
  clock: ClusterClock,
): CreatingRequest | undefined {
  const trace = report?.analysis?.trace;
  if (made === undefined || !hasWritten(made, clock)) return undefined;
  // A manifest may have several objects: each of them has its own request.
  const client = trace?.spans.find(({ source, span }) => source === 'client' && span.spanID === made.context.spanID);
  if (trace === undefined || client === undefined) return undefined;
  const inputs: TraceInput[] = [];
  const pending = [client];
  for (let placed = pending.pop(); placed !== undefined; placed = pending.pop()) {
    const { span, source, inferred, parent, offset, duration } = placed;
    const start = after(trace.startedAt, offset);
    inputs.push({
      span,
      source,
      inferred,
      start,
      end: after(start, duration),
      ...(placed !== client && parent !== undefined && { parent: parent.span }),
    });
    for (const child of placed.children) pending.push(child);
  }
  const { offset } = clock;
  return {
    inputs,
    root: client.span,
    offset: offset?.nanos ?? nanos(0),
    ...(offset !== undefined && { uncertainty: offset.uncertainty }),
  };
}
