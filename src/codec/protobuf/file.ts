import type { Span } from '../../trace/span.ts';
import { decodeOTLPProtobuf } from '../otlp/protobuf.ts';
import { Pool } from '../pool.ts';
import { decodeTraceByID, type TempoTrace } from '../tempo.ts';

/**
 * OTLP begins with the tag of its field 1, which is a line end as text, and a Collector's file of many messages with the
 * length of the first, of which the highest byte is 0.
 */
export const mayBeProtobuf = ([first]: Buffer): boolean => first === 0x0a || first === 0;

/** Spans of a file of protobuf. */
export interface ProtobufSpans extends TempoTrace {
  /** Messages beside them that hold none: logs and metrics of a Collector. */
  readonly messagesWithoutSpans: number;
}

/**
 * Spans in a file of protobuf: one message of OTLP, Tempo's response for a trace, or the file of a Collector's file
 * exporter (`format: proto`), in which each message follows its length in four bytes. Undefined for any other file.
 */
export function decodeProtobufFile(bytes: Buffer): ProtobufSpans | undefined {
  const pool = new Pool();
  const read = (message: Buffer): TempoTrace | undefined =>
    withSpans(decodeOTLPProtobuf(message, pool)) ?? withSpans(decodeTraceByID(message, pool));
  const messages = framed(bytes) ?? [bytes];
  const spans: Span[] = [];
  let dropped = 0;
  let messagesWithoutSpans = 0;
  let partial: string | undefined;
  for (const message of messages) {
    const decoded = read(message);
    // Log records stand where spans do, and have no IDs where spans have theirs: nothing of them is a span.
    if (decoded === undefined || decoded.spans.length === 0) messagesWithoutSpans++;
    else dropped += decoded.dropped;
    for (const span of decoded?.spans ?? []) spans.push(span);
    partial ??= decoded?.partial;
  }
  if (spans.length === 0) return undefined;
  return { spans, dropped, messagesWithoutSpans, ...(partial !== undefined && { partial }) };
}

/** Bytes that look like a message by the first one but contain no span are something else. */
const withSpans = (decoded: TempoTrace | undefined): TempoTrace | undefined =>
  decoded === undefined || decoded.spans.length + decoded.dropped === 0 ? undefined : decoded;

function framed(bytes: Buffer): readonly Buffer[] | undefined {
  const messages: Buffer[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    messages.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return at === bytes.length && messages.length > 0 ? messages : undefined;
}
