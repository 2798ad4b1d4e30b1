import { labelOf } from '../../src/analysis/kubernetes/label.ts';
import { formatDuration } from '../../src/analysis/wording/duration.ts';
import type { JSONObject, JSONValue } from '../../src/report/json-value.ts';
import type { PlacedSpan } from '../../src/trace/trace.ts';
import { shownText } from './look.ts';

/** `POST configmaps  8.79 ms  apiserver  span 00f067aa0ba902b7`: a span in one line, to paste. */
export function spanLine(placed: PlacedSpan): string {
  const { span, spanID, duration, ended } = placed;
  const words = [labelOf(placed)[0], ended ? formatDuration(duration) : 'no end', span.resource.service];
  return [...words.filter((word) => word !== '').map(shownText), `span ${spanID}`].join('  ');
}

/** The span as the document has it. */
export const spanJSON = (placed: PlacedSpan, document: JSONObject): string =>
  JSON.stringify(documentSpans([placed], document)[0] ?? null, null, 2);

/** The span with those below it, as the document has them. */
export const subtreeJSON = (placed: PlacedSpan, spans: readonly PlacedSpan[], document: JSONObject): string =>
  JSON.stringify(documentSpans(spans.slice(placed.index, endOfSubtree(placed, spans)), document), null, 2);

/** The span with those below it, a line each, indented. */
export function subtreeLines(placed: PlacedSpan, spans: readonly PlacedSpan[]): string {
  const below = spans.slice(placed.index, endOfSubtree(placed, spans));
  return below.map((each) => `${'  '.repeat(each.depth - placed.depth)}${spanLine(each)}`).join('\n');
}

/** The index after the last span below this one: spans come depth first. */
export function endOfSubtree({ index, depth }: PlacedSpan, spans: readonly PlacedSpan[]): number {
  let end = index + 1;
  while (end < spans.length && (spans[end] as PlacedSpan).depth > depth) end++;
  return end;
}

/** A client and its server may share an ID: then they have another kind. */
const keyOf = (spanID: unknown, kind: unknown): string => `${String(spanID)} ${String(kind)}`;

function documentSpans(wanted: readonly PlacedSpan[], document: JSONObject): readonly JSONValue[] {
  const all = (document['trace'] as JSONObject | null)?.['spans'];
  const spans = Array.isArray(all) ? (all as readonly JSONObject[]) : [];
  const keys = new Set(wanted.map(({ spanID, span }) => keyOf(spanID, span.kind)));
  return spans.filter((span) => keys.has(keyOf(span['spanID'], span['kind'])));
}
