import { parseSpanID, parseTraceID } from '../../trace/ids.ts';
import type { Attributes, SpanLink } from '../../trace/span.ts';
import { bounded, isObject, parseJSON } from '../json.ts';

/** `TRACE|SPAN|trace state|{"attribute": …}|dropped`, as a Collector writes a link into a tag. */
const LINK = /^([0-9a-f]{1,32})\|([0-9a-f]{1,16})\|[^|]*\|(\{.*\})\|\d+$/is;

/** Undefined when the text is not a link. */
export function linkOf(value: string): SpanLink | undefined {
  const [, trace = '', span = '', folded = ''] = LINK.exec(value) ?? [];
  const traceID = parseTraceID(trace);
  const spanID = parseSpanID(span);
  if (traceID === undefined || spanID === undefined) return undefined;
  const attributes = bounded(parseJSON(folded));
  return { traceID, spanID, attributes: isObject(attributes) ? (attributes as Attributes) : {} };
}
