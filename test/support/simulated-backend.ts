import type { Lookup, SearchQuery, TraceBackend } from '../../src/backend/backend.ts';
import type { Clock } from '../../src/runtime.ts';
import type { Span } from '../../src/trace/span.ts';
import type { Arrival } from './arrivals.ts';

/**
 * A backend that has, at each instant of a clock, what has arrived until then: as often as it has arrived, and in that
 * order. Searches like Jaeger: a trace matches by one span that has everything, and the newest traces come first.
 */
export function simulatedBackend(clock: Clock, arrivals: readonly Arrival[]): TraceBackend {
  const arrived = (): Span[] => {
    const now = clock.now();
    return arrivals.filter(({ at }) => at <= now).flatMap(({ spans }) => spans);
  };
  return {
    kind: 'jaeger',
    url: 'http://backend.test',
    byID: (id) => Promise.resolve(answer(arrived().filter((span) => span.traceID === id))),
    search: (query) => Promise.resolve(answer(matchingTraces(arrived(), query))),
    traceURL: (id) => `http://backend.test/trace/${id}`,
  };
}

function answer(spans: readonly Span[]): Lookup {
  return spans.length === 0 ? { status: 'absent' } : { status: 'found', spans };
}

function matchingTraces(spans: readonly Span[], query: SearchQuery): Span[] {
  const wanted = Object.entries(query.attributes ?? {});
  const matches = spans.filter(
    (span) =>
      span.resource.service === query.service &&
      (query.operation === undefined || span.name === query.operation) &&
      span.start >= query.from &&
      span.start <= query.to &&
      wanted.every(([key, value]) => (span.attributes[key] ?? span.resource.attributes[key]) === value),
  );
  const newestFirst = matches.toSorted((one, other) => Number(other.start - one.start));
  const ids = [...new Set(newestFirst.map(({ traceID }) => traceID))].slice(0, query.limit);
  return ids.flatMap((id) => spans.filter(({ traceID }) => traceID === id));
}
