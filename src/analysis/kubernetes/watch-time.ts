import { after, type Nanos } from '../../trace/time.ts';
import type { PlacedSpan, Trace, TraceInput } from '../../trace/trace.ts';
import { unreported } from '../timing/unreported.ts';

/** The row's name. */
export const WATCHING = 'open, waiting for changes (inferred)';

/**
 * Marks, inferred, how long a watch was open. The server has a span for setting it up and none for what follows, which
 * would be taken for the time of the filter that it is called by (k8s.io/apiserver pkg/storage/cacher/cacher.go, Watch;
 * pkg/endpoints/handlers/watch.go). The client decides how long a watch stays open: no component works during that
 * time.
 *
 *     authorization    |------------------------|
 *     cacher.Watch       |-|
 *     open                 |....................|
 */
export function watchTime(trace: Trace): TraceInput[] {
  return trace.spans.flatMap((placed) => {
    const { parent } = placed;
    if (placed.span.name !== 'cacher.Watch' || parent?.span.resource.service !== placed.span.resource.service)
      return [];
    const start = endOf(placed);
    if (endOf(parent) <= start || parent.children.some((child) => child.offset >= start)) return [];
    return unreported({
      parent: parent.span,
      key: 'watch',
      name: WATCHING,
      short: 'open',
      start: after(trace.startedAt, start),
      end: after(trace.startedAt, endOf(parent)),
      component: 'open',
      source: 'gap',
    });
  });
}

const endOf = ({ offset, duration }: PlacedSpan): Nanos => (offset + duration) as Nanos;
