import { parseSpanID, parseTraceID, type TraceID } from '../../trace/ids.ts';
import type { SpanKind } from '../../trace/span.ts';
import { SPAN_KINDS } from './protobuf.ts';
import { MAX_DEPTH, RESOURCE, SCOPE, SPAN, type Message } from './schema.ts';
import type { Pool } from '../pool.ts';
import { MalformedMessage, WireReader, WireType } from '../protobuf/reader.ts';

/** The fields that a span is stored by. */
export interface ScannedSpan {
  readonly traceID: TraceID;
  /** In nanoseconds since the epoch; an end that was not reported is 0. */
  readonly start: bigint;
  readonly end: bigint;
  /** Only the first `MAX_NAME_BYTES` bytes of a long name. */
  readonly name: string;
  readonly nameBytes: number;
  readonly kind: SpanKind;
}

/** Maximum length in bytes of a span or service name in the index. */
export const MAX_NAME_BYTES = 256;

/**
 * Messages inside one: attributes, events, links, and what they hold. OpenTelemetry's SDKs have at most 128 of each, with
 * 128 attributes of each event and link, unless they are configured otherwise.
 */
const MAX_INSIDE = 20_000;

/**
 * Looks through a message `Span` as its decoder would, and keeps nothing but what it is stored by. Undefined when it has
 * no valid IDs or times; 'too-large' when decoding it would take long. Throws MalformedMessage exactly where it cannot be
 * decoded.
 */
export function scanSpan(message: Buffer, pool: Pool): ScannedSpan | 'too-large' | undefined {
  const reader = new WireReader(message);
  const { end: messageEnd } = reader;
  const room = { left: MAX_INSIDE };
  let traceID: TraceID | undefined;
  let hasSpanID = false;
  let start: bigint | undefined;
  let end = 0n;
  let name = '';
  let nameBytes = 0;
  let kind: SpanKind = 'unspecified';
  while (reader.next(messageEnd)) {
    const { field, type } = reader;
    if (type === WireType.fixed64 && field === 7) start = reader.fixed64();
    else if (type === WireType.fixed64 && field === 8) end = reader.fixed64();
    else if (type === WireType.varint && field === 6) kind = SPAN_KINDS[Number(reader.int64())] ?? 'unspecified';
    else if (type !== WireType.bytes) reader.skip();
    else if (field === 1) traceID = pool.traceID(idText(reader.view()), parseTraceID);
    else if (field === 2) hasSpanID = parseSpanID(idText(reader.view())) !== undefined;
    else if (field === 5) {
      const text = reader.view();
      nameBytes = text.length;
      name = beginningOf(text);
    } else {
      const inner = SPAN.byNumber.get(field)?.type;
      if (typeof inner !== 'function') reader.skip();
      else look(reader, reader.length(), inner(), { depth: 1, room });
    }
  }
  if (room.left < 0) return 'too-large';
  if (traceID === undefined || !hasSpanID || start === undefined) return undefined;
  return { traceID, start, end, name, nameBytes, kind };
}

/** Whether a message `Resource` or `InstrumentationScope` is decoded quickly. Throws MalformedMessage. */
export function isSmall(message: Buffer, of: 'resource' | 'scope'): boolean {
  const reader = new WireReader(message);
  const room = { left: MAX_INSIDE };
  look(reader, reader.end, of === 'resource' ? RESOURCE : SCOPE, { depth: 0, room });
  return room.left >= 0;
}

/** Nothing longer is an ID. */
const idText = (bytes: Buffer): string => (bytes.length > 16 ? '' : bytes.toString('hex'));

/** At the boundary of a character. */
export function beginningOf(text: Buffer): string {
  if (text.length <= MAX_NAME_BYTES) return text.toString('utf8');
  let end = MAX_NAME_BYTES;
  while (end > 0 && ((text[end] as number) & 0xc0) === 0x80) end--;
  return text.toString('utf8', 0, end);
}

interface Where {
  readonly depth: number;
  readonly room: { left: number };
}

/** Below this depth nothing is decoded either (`MAX_DEPTH` of each decoder is less). */
function look(reader: WireReader, end: number, { byNumber }: Message, { depth, room }: Where): void {
  room.left--;
  if (depth > MAX_DEPTH || room.left < 0) {
    reader.position = end;
    return;
  }
  while (reader.next(end)) {
    const inner = reader.type === WireType.bytes ? byNumber.get(reader.field)?.type : undefined;
    if (typeof inner === 'function') look(reader, reader.length(), inner(), { depth: depth + 1, room });
    else reader.skip();
  }
  if (reader.position > end) throw new MalformedMessage('a field ends behind its message');
}
