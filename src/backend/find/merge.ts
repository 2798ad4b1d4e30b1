import type { TraceID } from '../../trace/ids.ts';
import { mergeVersions } from '../../trace/merge-versions.ts';
import type { Span } from '../../trace/span.ts';

/** The spans of one trace by what makes a span one: its ID, and its kind where a client shares the ID with its server. */
export type SpansByKey = Map<string, Span>;

/**
 * Merges `spans` into `traces`. Returns the traces that gained a span, or a fuller version of one, and calls `onGain` with
 * each of these spans.
 */
export function mergeInto(
  traces: Map<TraceID, SpansByKey>,
  spans: readonly Span[],
  onGain?: (span: Span) => void,
): Set<TraceID> {
  const changed = new Set<TraceID>();
  for (const span of spans) {
    let known = traces.get(span.traceID);
    if (known === undefined) traces.set(span.traceID, (known = new Map()));
    const key = span.spanID + span.kind;
    const before = known.get(key);
    const after = before === undefined ? span : mergeVersions(before, span);
    if (after === before) continue;
    known.set(key, after);
    onGain?.(after);
    changed.add(span.traceID);
  }
  return changed;
}

/** The spans of both, each once. The same whichever comes first, and however often something is merged again. */
export function mergeSpans(some: readonly Span[], others: readonly Span[]): Span[] {
  const traces = new Map<TraceID, SpansByKey>();
  mergeInto(traces, some);
  mergeInto(traces, others);
  return [...traces.values()].flatMap((spans) => Array.from(spans.values()));
}
