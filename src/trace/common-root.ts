import { counted } from '../format/counted.ts';
import { deriveSpanID } from './ids.ts';
import { endOf, startOf } from './placed-times.ts';
import type { Resource, Span } from './span.ts';
import { epochNanos, measurable } from './time.ts';
import type { TraceInput } from './trace.ts';

const NO_PROCESS: Resource = { service: '', attributes: {} };

/**
 * A root above several roots, from the first start to the last end of those that have a time (OTLP's 0 is "not set"), and
 * with the start of those that have not ended.
 */
export function commonRoot(roots: readonly TraceInput[]): TraceInput {
  const timed = roots.filter((root) => startOf(root) > 0n && measurable(startOf(root), endOf(root)) !== undefined);
  const open = roots.filter((root) => startOf(root) > 0n && endOf(root) === 0n);
  const [first = roots[0] as TraceInput, ...others] =
    timed.length === 0 && open.length > 0 ? open : timed.length === 0 ? roots : timed;
  const counting = [first, ...others];
  let start = startOf(first);
  for (const root of counting) if (startOf(root) < start) start = startOf(root);
  // One that is centuries away has a time, and none on the same axis.
  const near = counting.map(endOf).filter((end) => measurable(start, end) !== undefined);
  let end = near[0] ?? endOf(first);
  for (const each of near) if (each > end) end = each;
  for (const root of open) {
    const from = startOf(root);
    if (measurable(start, from) === undefined) continue;
    if (from < start) start = from;
    if (from > end) end = from;
  }
  const { span } = roots[0] as TraceInput;
  return {
    span: {
      traceID: span.traceID,
      spanID: deriveSpanID(span.spanID, 'several roots'),
      name: counted(roots.length, 'root'),
      kind: 'internal',
      start,
      end: epochNanos(end < start ? start : end),
      status: { code: 'unset' },
      attributes: {},
      events: [],
      links: [],
      resource: NO_PROCESS,
    } satisfies Span,
    source: 'gap',
    inferred: true,
  };
}
