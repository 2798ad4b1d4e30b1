import { parseSpanID, parseTraceID, type SpanID, type TraceID } from '../../trace/ids.ts';
import type { Resource, Scope, Span, SpanEvent, SpanKind, SpanLink, Status } from '../../trace/span.ts';
import { epochNanos, type EpochNanos } from '../../trace/time.ts';
import { NOT_ENDED } from '../../trace/ended.ts';
import { NO_ATTRIBUTES, NO_EVENTS, NO_LINKS, type Decoded, type Mutable } from '../decoded.ts';
import { spanGroups } from './groups.ts';
import { protobufKeyValue, type MutableAttributes } from './protobuf-value.ts';
import { Pool, resourceOf } from '../pool.ts';
import { MalformedMessage, WireReader, WireType } from '../protobuf/reader.ts';

/*
 * OTLP in protobuf, with the field numbers of opentelemetry-proto v1 (trace/v1/trace.proto), which are stable. What our
 * Span has no place for is passed over: trace state, flags, dropped counts, attributes of scopes.
 */

/**
 * Decodes `TracesData` or `ExportTraceServiceRequest`, which are the same on the wire, as is Tempo's `Trace`. A span
 * without valid IDs or times is left out and counted, as in JSON. Undefined when the bytes are no such message.
 */
export function decodeOTLPProtobuf(bytes: Uint8Array, pool: Pool = new Pool()): Decoded | undefined {
  try {
    const spans: Span[] = [];
    let dropped = 0;
    for (const group of spanGroups(bytes)) {
      const resource = decodeResource(group.resource, pool);
      const scope = decodeScope(group.scope, pool);
      for (const message of group.spans) {
        const span = decodeSpan(message, resource, scope, pool);
        if (span === undefined) dropped++;
        else spans.push(span);
      }
    }
    return { spans, dropped };
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
}

/** The message `Resource`. Throws MalformedMessage. */
export function decodeResource(message: Buffer, pool: Pool): Resource {
  return pool.resource(message.toString('latin1'), () => {
    const reader = new WireReader(message);
    const attributes: MutableAttributes = {};
    while (reader.next(reader.end)) {
      if (reader.is(1, WireType.bytes)) protobufKeyValue(reader, attributes);
      else reader.skip();
    }
    return resourceOf(attributes);
  });
}

/** The message `InstrumentationScope`; undefined without a name. Throws MalformedMessage. */
export function decodeScope(message: Buffer, pool: Pool): Scope | undefined {
  const reader = new WireReader(message);
  let name = '';
  let version = '';
  while (reader.next(reader.end)) {
    if (reader.is(1, WireType.bytes)) name = reader.string();
    else if (reader.is(2, WireType.bytes)) version = reader.string();
    else reader.skip();
  }
  return pool.scope(name, version);
}

/** By their numbers. */
export const SPAN_KINDS: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const UNSET: Status = { code: 'unset' };
const STATUSES: readonly Status[] = [UNSET, { code: 'ok' }, { code: 'error' }];

/** The message `Span`. Undefined when it has no valid IDs or times. Throws MalformedMessage. */
export function decodeSpan(
  message: Buffer,
  resource: Resource,
  scope: Scope | undefined,
  pool: Pool,
): Span | undefined {
  const reader = new WireReader(message);
  const { end: messageEnd } = reader;
  let traceID: TraceID | undefined;
  let spanID: SpanID | undefined;
  let parent: SpanID | undefined;
  let start: EpochNanos | undefined;
  let end = NOT_ENDED;
  let name = '';
  let kind: SpanKind = 'unspecified';
  let status = UNSET;
  let attributes: MutableAttributes | undefined;
  let events: SpanEvent[] | undefined;
  let links: SpanLink[] | undefined;
  while (reader.next(messageEnd)) {
    const { field, type } = reader;
    if (type === WireType.bytes) {
      if (field === 1) traceID = pool.traceID(reader.hex(), parseTraceID);
      else if (field === 2) spanID = parseSpanID(reader.hex());
      else if (field === 4) parent = parseSpanID(reader.hex());
      else if (field === 5) name = reader.string();
      else if (field === 9) protobufKeyValue(reader, (attributes ??= {}));
      else if (field === 11) pushDefined((events ??= []), readEvent(reader));
      else if (field === 13) pushDefined((links ??= []), readLink(reader));
      else if (field === 15) status = readStatus(reader);
      else reader.skip();
    } else if (type === WireType.fixed64 && field === 7) start = epochNanos(reader.fixed64());
    else if (type === WireType.fixed64 && field === 8) end = epochNanos(reader.fixed64());
    else if (type === WireType.varint && field === 6) kind = SPAN_KINDS[Number(reader.int64())] ?? 'unspecified';
    else reader.skip();
  }
  if (traceID === undefined || spanID === undefined || start === undefined) return undefined;
  const span: Mutable<Span> = {
    traceID,
    spanID,
    name,
    kind,
    start,
    end,
    status,
    attributes: attributes ?? NO_ATTRIBUTES,
    events: events ?? NO_EVENTS,
    links: links ?? NO_LINKS,
    resource,
  };
  if (parent !== undefined) span.parentSpanID = parent;
  if (scope !== undefined) span.scope = scope;
  return span;
}

function pushDefined<T>(list: T[], value: T | undefined): void {
  if (value !== undefined) list.push(value);
}

function readStatus(reader: WireReader): Status {
  const end = reader.length();
  let status = UNSET;
  let message = '';
  while (reader.next(end)) {
    if (reader.is(3, WireType.varint)) status = STATUSES[Number(reader.int64())] ?? UNSET;
    else if (reader.is(2, WireType.bytes)) message = reader.string();
    else reader.skip();
  }
  return message === '' ? status : { code: status.code, message };
}

/** Undefined when it has no time. */
function readEvent(reader: WireReader): SpanEvent | undefined {
  const end = reader.length();
  let time: EpochNanos | undefined;
  let name = '';
  let attributes: MutableAttributes | undefined;
  while (reader.next(end)) {
    if (reader.is(1, WireType.fixed64)) time = epochNanos(reader.fixed64());
    else if (reader.is(2, WireType.bytes)) name = reader.string();
    else if (reader.is(3, WireType.bytes)) protobufKeyValue(reader, (attributes ??= {}));
    else reader.skip();
  }
  return time === undefined ? undefined : { time, name, attributes: attributes ?? NO_ATTRIBUTES };
}

/** Undefined when it has no valid IDs. */
function readLink(reader: WireReader): SpanLink | undefined {
  const end = reader.length();
  let traceID: TraceID | undefined;
  let spanID: SpanID | undefined;
  let attributes: MutableAttributes | undefined;
  while (reader.next(end)) {
    if (reader.is(1, WireType.bytes)) traceID = parseTraceID(reader.hex());
    else if (reader.is(2, WireType.bytes)) spanID = parseSpanID(reader.hex());
    else if (reader.is(4, WireType.bytes)) protobufKeyValue(reader, (attributes ??= {}));
    else reader.skip();
  }
  if (traceID === undefined || spanID === undefined) return undefined;
  return { traceID, spanID, attributes: attributes ?? NO_ATTRIBUTES };
}
