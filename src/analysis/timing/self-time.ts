import { nanos, type Nanos } from '../../trace/time.ts';
import type { PlacedSpan, Trace } from '../../trace/trace.ts';

/** A stretch of time on the trace's axis. */
export interface Interval {
  readonly from: Nanos;
  readonly to: Nanos;
}

/**
 * The parts of a span that none of its children covers, in time order. Children count only inside the span:
 *
 *     parent    |--------------------|
 *     children     |----|   |----|
 *                     |---|        |------|     ends after its parent
 *     own       |--|      |-|    |-|
 *
 * Children are sorted by start, so one sweep is enough.
 */
export function ownIntervals(span: PlacedSpan): Interval[] {
  const own: Interval[] = [];
  const end = nanos(span.offset + span.duration);
  let cursor = span.offset;
  for (const child of span.children) {
    if (child.offset >= end) break;
    if (child.offset > cursor) own.push({ from: cursor, to: child.offset });
    cursor = nanos(Math.max(cursor, child.offset + child.duration));
  }
  if (end > cursor) own.push({ from: cursor, to: end });
  return own;
}

/** How much of a span's time none of its children covers: the same sweep, but only the sum is stored. */
function selfTime({ offset, duration, children }: PlacedSpan): Nanos {
  let self: number = duration;
  const end = offset + duration;
  let cursor: number = offset;
  for (const child of children) {
    if (child.offset >= end) break;
    const to = Math.min(child.offset + child.duration, end);
    if (to <= cursor) continue;
    self -= to - Math.max(cursor, child.offset);
    cursor = to;
  }
  return nanos(self);
}

/** Self time of every span, by `PlacedSpan.index`. */
export const selfTimes = (trace: Trace): readonly Nanos[] => trace.spans.map(selfTime);
