import type { Lookup, SearchQuery, TraceBackend } from '../../src/backend/backend.ts';
import type { Clock } from '../../src/runtime.ts';
import type { TraceID } from '../../src/trace/ids.ts';
import type { Span } from '../../src/trace/span.ts';
import { after, nanos, type Nanos } from '../../src/trace/time.ts';
import type { Arrival } from './arrivals.ts';

/** The kind that it claims to be, and how it searches. */
export interface Simulated {
  readonly kind?: TraceBackend['kind'];
  /** How long after its arrival a trace is found by a search; by ID it is there at once, as in Tempo. */
  readonly searchLag?: (trace: TraceID) => Nanos;
}

/**
 * A backend that has, at each instant of a clock, what has arrived until then: as often as it has arrived, and in that
 * order. Searches like Jaeger: a trace matches by one span that has everything, and the newest traces come first.
 */
export function simulatedBackend(
  clock: Clock,
  arrivals: readonly Arrival[],
  { kind = 'jaeger', searchLag = () => nanos(0) }: Simulated = {},
): TraceBackend {
  const arrived = (lag: (trace: TraceID) => Nanos): Span[] => {
    const now = clock.now();
    return arrivals.flatMap(({ at, spans }) =>
      at > now ? [] : spans.filter(({ traceID }) => after(at, lag(traceID)) <= now),
    );
  };
  return {
    kind,
    url: 'http://backend.test',
    byID: (id) => Promise.resolve(answer(arrived(() => nanos(0)).filter((span) => span.traceID === id))),
    search: (query) => Promise.resolve(answer(matchingTraces(arrived(searchLag), query))),
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
