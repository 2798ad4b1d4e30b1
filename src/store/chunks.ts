import { decodeResource } from '../codec/otlp/protobuf.ts';
import { Pool } from '../codec/pool.ts';
import { WireReader, WireType } from '../codec/protobuf/reader.ts';
import { SpanCursor, TooManyParts, type Range } from '../codec/otlp/span-cursor.ts';
import { beginningOf, isSmall, scanSpan } from '../codec/otlp/span-scan.ts';
import type { TraceID } from '../trace/ids.ts';
import type { Chunk, ChunkPlan } from './chunk.ts';
import { ChunkBuilder, type ChunkResource, type ScopeOfSpan } from './chunk-builder.ts';

/** A request's spans, as the store keeps them. */
export interface Divided {
  readonly chunks: readonly ChunkPlan[];
  readonly spanCount: number;
  /** Spans without valid IDs or times, or too large. */
  readonly rejected: number;
}

/** Maximum that one request may become. */
export interface DivideLimits {
  /** Size of all chunks together: each has the resource and the scopes of its spans. */
  readonly storedBytes: number;
  /** A trace that has more comes in several chunks. */
  readonly chunkBytes: number;
  /** Size of one span: a larger one is rejected. */
  readonly spanBytes: number;
  /** False when there is no memory for so much more at the moment. */
  readonly take?: (bytes: number) => boolean;
}

const MIB = 1024 * 1024;
const DEFAULTS: DivideLimits = { storedBytes: 64 * MIB, chunkBytes: MIB / 4, spanBytes: MIB };

/** The latest time that the store can sort by, in the year 2262. */
const MAX_NANOS = 2n ** 63n - 1n;
/** Spans of one request that are of different traces or resources. A Collector's batch has 8192 spans. */
const MAX_CHUNKS = 50_000;
/** Maximum number of resources in one request: most exporters send one. */
const MAX_RESOURCES = 100_000;
/** Each of them is in every chunk again. */
const MAX_RESOURCE_BYTES = 256 * 1024;
const MAX_SCOPE_BYTES = 64 * 1024;
/** Names of spans that are noted of one request, for lists. */
const MAX_NAMES = 2000;
/** Spans that are looked at before other work gets its turn. */
const STEP = 64;
/** The same in bytes. */
const STEP_BYTES = 64 * 1024;

/** Memory for a planned chunk. */
const PLAN_BYTES = 512;

/** There is no memory for a request at the moment. */
export class NoMemory extends Error {}

/** The request holds more than is accepted at once: it can never be stored as it is. */
export class RequestTooLarge extends Error {}

/**
 * Divides a message `ExportTraceServiceRequest` by trace and resource, a step at a time. Every span is checked, so that
 * the stored bytes can be read again; they are stored unchanged. Throws MalformedMessage, RequestTooLarge and NoMemory.
 */
export function* dividing(request: Buffer, limits: DivideLimits = DEFAULTS): Generator<void, Divided> {
  const division = new Division(request, limits);
  const reader = new WireReader(request);
  let fields = 0;
  while (reader.next(reader.end)) {
    fields++;
    if (fields > MAX_RESOURCES) throw new RequestTooLarge(`a request may have at most ${MAX_RESOURCES} resources`);
    if (fields % STEP === 0) yield;
    if (!reader.is(1, WireType.bytes)) {
      reader.skip();
      continue;
    }
    const end = reader.length();
    yield* division.resource({ from: reader.position, end });
    reader.position = end;
  }
  return division.result();
}

/** The same at once, with the chunks made. */
export function divide(request: Buffer): Omit<Divided, 'chunks'> & { readonly chunks: readonly Chunk[] } {
  const steps = dividing(request);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return { ...value, chunks: value.chunks.map((plan) => plan.build()) };
  }
}

class Division {
  readonly #request: Buffer;
  readonly #limits: DivideLimits;
  readonly #pool = new Pool();
  readonly #chunks: ChunkBuilder[] = [];
  #spanCount = 0;
  #rejected = 0;
  #bytes = 0;
  #names = 0;

  constructor(request: Buffer, limits: DivideLimits) {
    this.#request = request;
    this.#limits = limits;
  }

  result(): Divided {
    return { chunks: this.#chunks, spanCount: this.#spanCount, rejected: this.#rejected };
  }

  /** One message `ResourceSpans`. */
  *resource({ from, end }: Range): Generator<void> {
    const message = this.#request.subarray(from, end);
    const cursor = new SpanCursor();
    const parts = new Map<TraceID, ChunkBuilder>();
    let of: (ChunkResource & { readonly isSmall: boolean }) | undefined;
    let scope: (ScopeOfSpan & { readonly isSmall: boolean }) | undefined;
    let looked = 0;
    for (let spans = 0; ; spans++) {
      const found = this.#next(cursor, message);
      if (found === 'end') return;
      const { span } = cursor;
      looked += span.end - span.from;
      if (found === 'pause' || spans % STEP === 0 || looked > STEP_BYTES) {
        looked = 0;
        yield;
      }
      if (found === 'pause') continue;
      of ??= this.#resourceOf(message.subarray(cursor.resource.from, cursor.resource.end), message);
      if (scope?.index !== cursor.scopeIndex) scope = scopeOf(message, cursor);
      if (of.isSmall && scope.isSmall) this.#add(cursor, message, { of, scope, parts });
      else this.#rejected++;
    }
  }

  #next(cursor: SpanCursor, message: Buffer): ReturnType<SpanCursor['next']> {
    try {
      return cursor.next(message);
    } catch (error) {
      if (error instanceof TooManyParts) throw new RequestTooLarge(error.message);
      throw error;
    }
  }

  #resourceOf(resource: Buffer, request: Buffer): ChunkResource & { readonly isSmall: boolean } {
    const small = resource.length <= MAX_RESOURCE_BYTES && isSmall(resource, 'resource');
    const service = small ? decodeResource(resource, this.#pool).service : '';
    return { request, resource, service: storedService(service), isSmall: small };
  }

  #add(
    { span }: SpanCursor,
    message: Buffer,
    { of, scope, parts }: { of: ChunkResource; scope: ScopeOfSpan; parts: Map<TraceID, ChunkBuilder> },
  ): void {
    const { chunkBytes, spanBytes, storedBytes, take } = this.#limits;
    const size = span.end - span.from;
    const scanned = size > spanBytes ? undefined : scanSpan(message.subarray(span.from, span.end), this.#pool);
    if (scanned === undefined || scanned === 'too-large' || scanned.start > MAX_NANOS || scanned.end > MAX_NANOS) {
      this.#rejected++;
      return;
    }
    this.#spanCount++;
    let part = parts.get(scanned.traceID);
    if (part === undefined || part.bytes + size > chunkBytes) {
      if (take?.(PLAN_BYTES) === false) throw new NoMemory();
      part = new ChunkBuilder(of, scanned);
      parts.set(scanned.traceID, part);
      this.#chunks.push(part);
      if (this.#chunks.length > MAX_CHUNKS) {
        throw new RequestTooLarge(`a request may have spans of at most ${MAX_CHUNKS} traces and resources`);
      }
      this.#bytes += part.bytes;
    }
    const { bytes, operationCount } = part;
    part.add(scanned, span, scope, this.#names < MAX_NAMES);
    this.#bytes += part.bytes - bytes;
    this.#names += part.operationCount - operationCount;
    if (this.#bytes > storedBytes) {
      throw new RequestTooLarge(`a request may take at most ${storedBytes} bytes of the store`);
    }
  }
}

function scopeOf(message: Buffer, { scope, scopeIndex }: SpanCursor): ScopeOfSpan & { readonly isSmall: boolean } {
  const bytes = message.subarray(scope.from, scope.end);
  return { index: scopeIndex, scope: bytes, isSmall: bytes.length <= MAX_SCOPE_BYTES && isSmall(bytes, 'scope') };
}

/** The name of a service as it is stored and looked for: the beginning of a long one. */
export const storedService = (service: string): string => beginningOf(Buffer.from(service));
