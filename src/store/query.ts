import { hasEnded } from '../trace/ended.ts';
import { decodeResource, decodeScope, decodeSpan } from '../codec/otlp/protobuf.ts';
import { Pool } from '../codec/pool.ts';
import { SpanCursor, type Range } from '../codec/otlp/span-cursor.ts';
import type { Resource, Span } from '../trace/span.ts';
import type { Steps } from './turns.ts';

/** Conditions for one span of a trace, as in Jaeger's search. */
export interface StoreQuery {
  readonly service: string;
  readonly operation?: string;
  /** Attributes of the span, or of its resource, as texts. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Earliest start, in nanoseconds since the epoch. */
  readonly from: bigint;
  readonly to: bigint;
  /** In nanoseconds. */
  readonly minDuration?: bigint;
  readonly maxDuration?: bigint;
  /** The most traces, those that began last. */
  readonly limit: number;
}

/** SQLite compares at every position of a message: this many texts of this length take only some milliseconds. */
const MAX_TEXTS = 4;
const TEXT_BYTES = 32;

/** Texts that stand in the message of every span that matches: what has none of them need not be decoded. */
export function textsInMessage({ operation, attributes = {} }: StoreQuery): Buffer[] {
  const texts = operation === undefined ? [] : [operation];
  for (const [key, value] of Object.entries(attributes)) {
    if (FIELDS.has(key)) continue;
    texts.push(key);
    if (!isOtherwiseWritten(value)) texts.push(value);
  }
  return texts
    .filter((text) => text !== '')
    .toSorted((one, other) => other.length - one.length)
    .slice(0, MAX_TEXTS)
    .map((text) => Buffer.from(text).subarray(0, TEXT_BYTES));
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

/** Spans that are decoded before other work gets its turn, and bytes of them. */
const STEP = 16;
const STEP_BYTES = 16 * 1024;

/** Whether one span in a chunk meets all conditions. The chunk is read again after each step, and not held. */
export function* matching(read: () => Buffer | undefined, query: StoreQuery): Steps<boolean> {
  const search = new ChunkSearch(query);
  for (;;) {
    const found = search.step(read());
    if (found !== undefined) return found;
    yield;
  }
}

class ChunkSearch {
  readonly #query: StoreQuery;
  readonly #wanted: readonly (readonly [string, string])[];
  readonly #cursor = new SpanCursor();
  #resource: Resource | undefined;

  constructor(query: StoreQuery) {
    this.#query = query;
    this.#wanted = Object.entries(query.attributes ?? {});
  }

  /** Undefined when there is more to look at. */
  step(message: Buffer | undefined): boolean | undefined {
    // It may have been removed meanwhile.
    if (message === undefined) return false;
    const cursor = this.#cursor;
    const pool = new Pool();
    for (let spans = 0, bytes = 0; spans < STEP && bytes < STEP_BYTES; spans++) {
      const found = cursor.next(message);
      if (found === 'pause') return undefined;
      if (found === 'end') return false;
      this.#resource ??= decodeResource(part(message, cursor.resource), pool);
      // In the index is only the beginning of a long name.
      if (this.#resource.service !== this.#query.service) return false;
      const span = decodeSpan(part(message, cursor.span), this.#resource, undefined, pool);
      if (span !== undefined && isWanted(span, this.#query, this.#wanted)) return true;
      bytes += cursor.span.end - cursor.span.from;
    }
    return undefined;
  }
}

/** One span with what is around it; undefined when it has no valid IDs or times. */
export function spanAt(message: Buffer, { resource, scope, span }: SpanCursor, pool: Pool): Span | undefined {
  return decodeSpan(
    part(message, span),
    decodeResource(part(message, resource), pool),
    decodeScope(part(message, scope), pool),
    pool,
  );
}

export const part = (message: Buffer, { from, end }: Range): Buffer => message.subarray(from, end);

const isWanted = (span: Span, query: StoreQuery, wanted: readonly (readonly [string, string])[]): boolean =>
  span.start >= query.from &&
  span.start <= query.to &&
  (query.operation === undefined || span.name === query.operation) &&
  isWithin(span, query) &&
  wanted.every(([key, value]) => hasAttribute(span, key, value));

/** Properties that are tags in Jaeger and fields of a span in OpenTelemetry. */
const FIELDS: ReadonlyMap<string, (span: Span) => string> = new Map([
  ['error', ({ status }) => String(status.code === 'error')],
  ['span.kind', ({ kind }) => kind],
  ['otel.status_code', ({ status }) => status.code.toUpperCase()],
]);

/** Jaeger compares values of every type as text. */
function hasAttribute(span: Span, key: string, value: string): boolean {
  if (FIELDS.get(key)?.(span) === value) return true;
  const { attributes } = span;
  const found = Object.hasOwn(attributes, key) ? attributes[key] : ofResource(span.resource, key);
  if (typeof found === 'object' || found === undefined) return false;
  return String(found) === value;
}

const ofResource = ({ attributes }: Resource, key: string): Resource['attributes'][string] | undefined =>
  Object.hasOwn(attributes, key) ? attributes[key] : undefined;
