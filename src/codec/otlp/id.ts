import { bytesOfBase64, hexOf } from '../../format/base64.ts';
import { parseSpanID, parseTraceID, type SpanID, type TraceID } from '../../trace/ids.ts';

/**
 * IDs in OTLP JSON are hex by the specification, base64 where a server writes protobuf's own JSON (Tempo). The lengths
 * distinguish them: 8 or 16 bytes are 16 or 32 hex digits, and 11 or 22 letters of base64, or 12 or 24 padded.
 */
export function otlpTraceID(value: unknown): TraceID | undefined {
  if (typeof value !== 'string') return undefined;
  return parseTraceID(isBase64(value, 22, '==') ? hexOf(bytesOfBase64(value)) : value);
}

export function otlpSpanID(value: unknown): SpanID | undefined {
  if (typeof value !== 'string') return undefined;
  return parseSpanID(isBase64(value, 11, '=') ? hexOf(bytesOfBase64(value)) : value);
}

function isBase64(value: string, letters: number, padding: string): boolean {
  return value.length === letters || (value.length === letters + padding.length && value.endsWith(padding));
}
