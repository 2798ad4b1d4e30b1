import { after, nanos } from '../../trace/time.ts';
import type { PlacedSpan, Trace } from '../../trace/trace.ts';

type CopiedSpan = Omit<PlacedSpan, 'children' | 'parent'> & {
  readonly parent: CopiedSpan | undefined;
  readonly children: CopiedSpan[];
};

/** A span of a trace and everything below it, as a separate trace that begins with it. Linear in its spans. */
export function subTrace(trace: Trace, top: PlacedSpan): Trace {
  const copies = new Map<PlacedSpan, CopiedSpan>();
  const spans: CopiedSpan[] = [];
  // Depth first: what is below a span follows it.
  for (let index = top.index; index < trace.spans.length; index++) {
    const placed = trace.spans[index] as PlacedSpan;
    if (index > top.index && placed.depth <= top.depth) break;
    const parent = placed === top ? undefined : copies.get(placed.parent as PlacedSpan);
    const copy: CopiedSpan = {
      ...placed,
      index: spans.length,
      depth: placed.depth - top.depth,
      offset: nanos(placed.offset - top.offset),
      parent,
      children: [],
    };
    parent?.children.push(copy);
    copies.set(placed, copy);
    spans.push(copy);
  }
  const ids = new Set(spans.map(({ spanID }) => spanID));
  return {
    traceID: trace.traceID,
    startedAt: after(trace.startedAt, top.offset),
    duration: top.duration,
    root: spans[0] as CopiedSpan,
    services: new Set(spans.map(({ span }) => span.resource.service)),
    spans,
    notes: trace.notes.filter(({ spanIDs }) => spanIDs.some((id) => ids.has(id))),
  };
}
