import type { Span } from '../../src/trace/span.ts';
import { after, nanos } from '../../src/trace/time.ts';

/** Spans as their process would have reported them on a clock that is ahead by `ahead` nanoseconds; negative: behind. */
export function onClock(ahead: number, spans: readonly Span[]): Span[] {
  const shift = nanos(ahead);
  return spans.map((span) => ({
    ...span,
    start: after(span.start, shift),
    end: after(span.end, shift),
    events: span.events.map((event) => ({ ...event, time: after(event.time, shift) })),
  }));
}
