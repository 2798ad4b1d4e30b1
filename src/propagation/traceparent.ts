import { parseSpanID, parseTraceID, type SpanID, type TraceID } from '../trace/ids.ts';

/** The content of a `traceparent` header. */
export interface TraceParent {
  readonly traceID: TraceID;
  readonly spanID: SpanID;
  readonly sampled: boolean;
}

const SAMPLED = 0x01;

/**
 * The value of a `traceparent` header, version 00 (https://www.w3.org/TR/trace-context/ §3.2.2). Of the flags only
 * "sampled" is ever set. The ID types rule out all-zero IDs, which a server would ignore together with the header.
 */
export function formatTraceparent(
  traceID: TraceID,
  spanID: SpanID,
  { sampled }: { readonly sampled: boolean },
): string {
  return `00-${traceID}-${spanID}-${(sampled ? SAMPLED : 0).toString(16).padStart(2, '0')}`;
}

/**
 * Reads a `traceparent` header; undefined when it is not valid. Of a version newer than 00 the first four fields count
 * and more may follow; ff is not a version; upper case is not valid (W3C trace context §3.2.2 and §4.3).
 */
export function parseTraceparent(header: string): TraceParent | undefined {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(header.trim());
  if (match === null) return undefined;
  const [, version, trace, span, flags, rest] = match as unknown as [string, string, string, string, string, string?];
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  const traceID = parseTraceID(trace);
  const spanID = parseSpanID(span);
  if (traceID === undefined || spanID === undefined) return undefined;
  return { traceID, spanID, sampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}
