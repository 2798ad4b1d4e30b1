import { hasEnded } from '../trace/ended.ts';
import { decodeOTLPProtobuf } from '../backend/wire/otlp-protobuf.ts';
import { bytesField } from '../backend/wire/protobuf-writer.ts';
import type { Span } from '../trace/span.ts';

/** What one span of a trace must be, as Jaeger's search has it. */
export interface StoreQuery {
  readonly service: string;
  readonly operation?: string;
  /** Attributes of the span, or of its resource, as texts. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Of its start, in nanoseconds since the epoch. */
  readonly from: bigint;
  readonly to: bigint;
  /** In nanoseconds. */
  readonly minDuration?: bigint;
  readonly maxDuration?: bigint;
  /** The most traces, those that began last. */
  readonly limit: number;
}

/** Texts that stand in the message of every span that matches: what has none of them need not be decoded. */
export function textsInMessage({ operation, attributes = {} }: StoreQuery): Buffer[] {
  const texts = operation === undefined ? [] : [operation];
  for (const [key, value] of Object.entries(attributes)) {
    if (key in FIELDS) continue;
    texts.push(key);
    if (!isOtherwiseWritten(value)) texts.push(value);
  }
  return texts.filter((text) => text !== '').map((text) => Buffer.from(text));
}

/** A number or a boolean may be meant, which is no text in the message. */
const isOtherwiseWritten = (value: string): boolean =>
  value === 'true' || value === 'false' || (value.trim() !== '' && !Number.isNaN(Number(value)));

/** How long a span took that has not ended is not known: it is found where that does not matter. */
function isWithin(span: Span, { minDuration, maxDuration }: StoreQuery): boolean {
  if (minDuration === undefined && maxDuration === undefined) return true;
  if (!hasEnded(span)) return false;
  const length = span.end - span.start;
  return length >= (minDuration ?? length) && length <= (maxDuration ?? length);
}

/** Whether one span in a message `ResourceSpans` is all that is asked for. */
export function matches(message: Uint8Array, query: StoreQuery): boolean {
  const spans = decodeOTLPProtobuf(Buffer.concat(bytesField(1, message)))?.spans ?? [];
  const wanted = Object.entries(query.attributes ?? {});
  return spans.some(
    (span) =>
      span.start >= query.from &&
      span.start <= query.to &&
      (query.operation === undefined || span.name === query.operation) &&
      isWithin(span, query) &&
      wanted.every(([key, value]) => hasAttribute(span, key, value)),
  );
}

/** What Jaeger has as tags and OpenTelemetry as fields of a span. */
const FIELDS: Readonly<Record<string, (span: Span) => string>> = {
  error: ({ status }) => String(status.code === 'error'),
  'span.kind': ({ kind }) => kind,
  'otel.status_code': ({ status }) => status.code.toUpperCase(),
};

/** Jaeger compares values of every type as text. */
function hasAttribute(span: Span, key: string, value: string): boolean {
  if (FIELDS[key]?.(span) === value) return true;
  const found = span.attributes[key] ?? span.resource.attributes[key];
  if (typeof found === 'object' || found === undefined) return false;
  return String(found) === value;
}
