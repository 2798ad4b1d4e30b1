/*
 * The messages of OTLP traces, with the field numbers of opentelemetry-proto v1 (trace/v1, common/v1, resource/v1), for
 * what is passed on as it came: between protobuf and JSON nothing that is named here is lost.
 */

export type FieldType =
  | 'text'
  | 'bool'
  | 'int64'
  | 'uint32'
  | 'enum'
  | 'double'
  /** Unsigned, as text in JSON. */
  | 'fixed64'
  | 'fixed32'
  /** Bytes that are hex digits in JSON: 16 and 8 of them. */
  | 'traceID'
  | 'spanID'
  /** Bytes that are base64 in JSON. */
  | 'bytes'
  /** A message, created on first use: some contain themselves. */
  | (() => Message);

export interface Field {
  readonly number: number;
  /** In JSON. */
  readonly name: string;
  readonly type: FieldType;
  readonly repeated: boolean;
  /** The names of an enum's values, from 0. */
  readonly values?: readonly string[];
}

export interface Message {
  readonly byNumber: ReadonlyMap<number, Field>;
  readonly byName: ReadonlyMap<string, Field>;
}

function message(...fields: readonly Field[]): Message {
  return {
    byNumber: new Map(fields.map((field) => [field.number, field])),
    byName: new Map(fields.map((field) => [field.name, field])),
  };
}

const one = (number: number, name: string, type: FieldType): Field => ({ number, name, type, repeated: false });
const many = (number: number, name: string, type: FieldType): Field => ({ number, name, type, repeated: true });
const choice = (number: number, name: string, ...values: readonly string[]): Field => ({
  ...one(number, name, 'enum'),
  values,
});

const arrayValue: Message = message(many(1, 'values', () => anyValue));
const keyValueList: Message = message(many(1, 'values', () => keyValue));
const anyValue: Message = message(
  one(1, 'stringValue', 'text'),
  one(2, 'boolValue', 'bool'),
  one(3, 'intValue', 'int64'),
  one(4, 'doubleValue', 'double'),
  one(5, 'arrayValue', () => arrayValue),
  one(6, 'kvlistValue', () => keyValueList),
  one(7, 'bytesValue', 'bytes'),
);
const keyValue = message(
  one(1, 'key', 'text'),
  one(2, 'value', () => anyValue),
);
const attributes = (number: number): Field => many(number, 'attributes', () => keyValue);

const event = message(
  one(1, 'timeUnixNano', 'fixed64'),
  one(2, 'name', 'text'),
  attributes(3),
  one(4, 'droppedAttributesCount', 'uint32'),
);
const link = message(
  one(1, 'traceId', 'traceID'),
  one(2, 'spanId', 'spanID'),
  one(3, 'traceState', 'text'),
  attributes(4),
  one(5, 'droppedAttributesCount', 'uint32'),
  one(6, 'flags', 'fixed32'),
);
const status = message(
  one(2, 'message', 'text'),
  choice(3, 'code', 'STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'),
);
const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const span = message(
  one(1, 'traceId', 'traceID'),
  one(2, 'spanId', 'spanID'),
  one(3, 'traceState', 'text'),
  one(4, 'parentSpanId', 'spanID'),
  one(5, 'name', 'text'),
  choice(6, 'kind', ...KINDS.map((kind) => `SPAN_KIND_${kind}`)),
  one(7, 'startTimeUnixNano', 'fixed64'),
  one(8, 'endTimeUnixNano', 'fixed64'),
  attributes(9),
  one(10, 'droppedAttributesCount', 'uint32'),
  many(11, 'events', () => event),
  one(12, 'droppedEventsCount', 'uint32'),
  many(13, 'links', () => link),
  one(14, 'droppedLinksCount', 'uint32'),
  one(15, 'status', () => status),
  one(16, 'flags', 'fixed32'),
);
const scope = message(
  one(1, 'name', 'text'),
  one(2, 'version', 'text'),
  attributes(3),
  one(4, 'droppedAttributesCount', 'uint32'),
);
const scopeSpans = message(
  one(1, 'scope', () => scope),
  many(2, 'spans', () => span),
  one(3, 'schemaUrl', 'text'),
);
const resource = message(attributes(1), one(2, 'droppedAttributesCount', 'uint32'));

export const RESOURCE_SPANS = message(
  one(1, 'resource', () => resource),
  many(2, 'scopeSpans', () => scopeSpans),
  one(3, 'schemaUrl', 'text'),
);

/** Also `ExportTraceServiceRequest`. */
export const TRACES_DATA = message(many(1, 'resourceSpans', () => RESOURCE_SPANS));

export { resource as RESOURCE, scope as SCOPE, scopeSpans as SCOPE_SPANS, span as SPAN };

/** No real value is nested this deep; a message that is would exhaust the stack. A level of values takes three. */
export const MAX_DEPTH = 200;
