import type { Span, SpanEvent } from '../trace/span.ts';
import { between, nanos, type Nanos } from '../trace/time.ts';
import type { PlacedSpan, Trace } from '../trace/trace.ts';

/** When an event of a span was, on the trace's axis: on a clock that is off it moves with its span. */
export function eventOffset(event: SpanEvent, { clock }: PlacedSpan, { startedAt }: Pick<Trace, 'startedAt'>): Nanos {
  return nanos(between(startedAt, event.time) + (clock?.nanos ?? 0));
}

/** The time from one event of a span to the next of another name; undefined without both. */
export function timeBetween(span: Span, first: string, second: string): Nanos | undefined {
  const start = span.events.findIndex(({ name }) => name === first);
  if (start < 0) return undefined;
  const end = span.events.slice(start + 1).find(({ name }) => name === second);
  return end === undefined ? undefined : between((span.events[start] as Span['events'][number]).time, end.time);
}

/** The time from the event before to the first event of this name: what the span did to get there. */
export function timeUntil(span: Span, name: string): Nanos | undefined {
  const index = span.events.findIndex((event) => event.name === name);
  const event = span.events[index];
  return event === undefined ? undefined : between(span.events[index - 1]?.time ?? span.start, event.time);
}
