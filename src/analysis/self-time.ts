import { nanos, type Nanos } from '../trace/time.ts';
import type { PlacedSpan, Trace } from '../trace/trace.ts';

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
 *     own       |--|      |--|   |-|            (here the last part is covered too)
 */
export function ownIntervals(span: PlacedSpan): Interval[] {
  const end = span.offset + span.duration;
  const own: Interval[] = [];
  let cursor: number = span.offset;
  for (const child of span.children) {
    const from = Math.min(child.offset, end);
    if (from > cursor) own.push({ from: nanos(cursor), to: nanos(from) });
    cursor = Math.max(cursor, Math.min(child.offset + child.duration, end));
  }
  if (end > cursor) own.push({ from: nanos(cursor), to: nanos(end) });
  return own;
}

/** Self time of every span, by `PlacedSpan.index`. Children are sorted by start, so one sweep each is enough. */
export function selfTimes(trace: Trace): readonly Nanos[] {
  return trace.spans.map((span) => nanos(ownIntervals(span).reduce((sum, { from, to }) => sum + (to - from), 0)));
}
