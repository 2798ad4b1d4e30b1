import type { CreatingRequest } from '../../pod/creating-request.ts';
import type { Report } from '../../render/report.ts';
import { after, nanos, type Nanos } from '../../trace/time.ts';
import type { TraceInput } from '../../trace/trace.ts';

/**
 * The spans of the request that has made the pods, as they stand in the tree of their own command; undefined without.
 * `clockOffset`: the cluster's time minus this machine's.
 */
export function creatingRequest(
  report: Report | undefined,
  clockOffset: Nanos = nanos(0),
): CreatingRequest | undefined {
  const trace = report?.analysis?.trace;
  // The last one: before it come those that only ask for types.
  const client = trace?.spans.findLast(({ source, span }) => source === 'client' && span.kind === 'client');
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
    pending.push(...placed.children);
  }
  return { inputs, root: client.span, offset: clockOffset };
}
