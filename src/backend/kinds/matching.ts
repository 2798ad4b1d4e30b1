import { own } from '../../format/table-of.ts';
import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import type { Lookup, SearchQuery } from '../backend.ts';

/** The traces in which one span of the service has everything that was asked for: a backend may have ignored a part. */
export function matching(spans: readonly Span[], query: SearchQuery): readonly Span[] {
  const wanted = Object.entries(query.attributes ?? {});
  const { linkedTo } = query;
  const matches = (span: Span): boolean =>
    span.resource.service === query.service &&
    (query.operation === undefined || span.name === query.operation) &&
    wanted.every(([key, value]) => textOf(own(span.attributes, key) ?? own(span.resource.attributes, key)) === value) &&
    (linkedTo === undefined || span.links.some((link) => link.traceID === linkedTo));
  const traces = new Set(spans.filter(matches).map((span) => span.traceID));
  return spans.filter((span) => traces.has(span.traceID));
}

/** Backends compare values of every type as text, and some keep them so. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** What `choose` leaves of the spans that were found; nothing left is nothing found. */
export function withSpans(lookup: Lookup, choose: (spans: readonly Span[]) => readonly Span[]): Lookup {
  if (lookup.status !== 'found') return lookup;
  const spans = choose(lookup.spans);
  return spans.length === 0 ? { status: 'absent' } : { ...lookup, spans };
}

/** A trace that was asked for by its ID, and nothing of another. */
export const onlyTrace = (lookup: Lookup, id: TraceID): Lookup =>
  withSpans(lookup, (spans) => spans.filter((span) => span.traceID === id));
