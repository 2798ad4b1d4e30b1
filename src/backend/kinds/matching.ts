import { own } from '../../format/table-of.ts';
import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import type { Lookup, SearchQuery } from '../backend.ts';

/** The traces in which one span of the service matches the complete query: a backend may have ignored a part of it. */
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

/** The found spans that `choose` returns; no span left means not found. */
export function withSpans(lookup: Lookup, choose: (spans: readonly Span[]) => readonly Span[]): Lookup {
  if (lookup.status !== 'found') return lookup;
  const spans = choose(lookup.spans);
  return spans.length === 0 ? { status: 'absent' } : { ...lookup, spans };
}

/** The spans of the trace with this ID, and of no other. */
export const onlyTrace = (lookup: Lookup, id: TraceID): Lookup =>
  withSpans(lookup, (spans) => spans.filter((span) => span.traceID === id));
