import type { ScannedSpan } from '../codec/otlp/span-scan.ts';
import { MAX_NAME_BYTES } from '../codec/otlp/span-scan.ts';
import type { Range } from '../codec/otlp/span-cursor.ts';
import { bytesField } from '../codec/protobuf/writer.ts';
import type { TraceID } from '../trace/ids.ts';
import type { Chunk, ChunkPlan, Operation } from './chunk.ts';

/** The resource of a chunk, in the request that it came with. */
export interface ChunkResource {
  readonly request: Buffer;
  readonly resource: Buffer;
  readonly service: string;
}

/** Different names that are noted of one trace and resource. */
const MAX_OPERATIONS = 200;
/** Tags and lengths of a span and of the messages around it. */
const FRAME_BYTES = 6;

/** Collects the spans of one chunk. It has their places only: a request has at most as many spans as bytes. */
export class ChunkBuilder implements ChunkPlan {
  readonly service: string;
  /** Size of the message, rounded up. */
  bytes: number;
  readonly #traceID: TraceID;
  readonly #from: ChunkResource;
  readonly #scopes: Buffer[] = [];
  /** For each span: the number of its scope, where it begins, and where it ends. */
  readonly #places: number[] = [];
  readonly #operations: Operation[] = [];
  #scopeIndex = -1;
  #firstStart: bigint;
  #lastStart: bigint;

  constructor(from: ChunkResource, { traceID, start }: ScannedSpan) {
    this.service = from.service;
    this.#from = from;
    this.#traceID = traceID;
    this.#firstStart = start;
    this.#lastStart = start;
    this.bytes = from.resource.length + FRAME_BYTES;
  }

  /** `nameable` is false once the maximum number of names is recorded. */
  add({ name, nameBytes, kind, start }: ScannedSpan, span: Range, at: ScopeOfSpan, nameable: boolean): void {
    if (at.index !== this.#scopeIndex) {
      this.#scopeIndex = at.index;
      this.#scopes.push(at.scope);
      this.bytes += at.scope.length + FRAME_BYTES;
    }
    this.#places.push(this.#scopes.length - 1, span.from, span.end);
    this.bytes += span.end - span.from + FRAME_BYTES;
    // A longer one is an ID or a statement: no user would choose it from a list.
    if (nameable && nameBytes <= MAX_NAME_BYTES && this.#operations.length < MAX_OPERATIONS) {
      const isKnown = this.#operations.some((operation) => operation.name === name && operation.kind === kind);
      if (!isKnown) this.#operations.push({ name, kind });
    }
    if (start < this.#firstStart) this.#firstStart = start;
    if (start > this.#lastStart) this.#lastStart = start;
  }

  get operationCount(): number {
    return this.#operations.length;
  }

  build(): Chunk {
    return {
      traceID: this.#traceID,
      service: this.service,
      firstStart: this.#firstStart,
      lastStart: this.#lastStart,
      spanCount: this.#places.length / 3,
      operations: this.#operations,
      message: this.#message(),
    };
  }

  /** The message `ResourceSpans`: resource 1, scopes 2, each with scope 1 and spans 2. */
  #message(): Buffer {
    const { request, resource } = this.#from;
    const pieces: Uint8Array[] = resource.length > 0 ? [...bytesField(1, resource)] : [];
    const places = this.#places;
    let at = 0;
    for (const [index, scope] of this.#scopes.entries()) {
      const inner: Uint8Array[] = scope.length === 0 ? [] : bytesField(1, scope);
      for (; places[at] === index; at += 3)
        inner.push(...bytesField(2, request.subarray(places[at + 1], places[at + 2])));
      pieces.push(...bytesField(2, Buffer.concat(inner)));
    }
    return Buffer.concat(pieces);
  }
}

/** The scope that a span is in, and which of the request's it is. */
export interface ScopeOfSpan {
  readonly index: number;
  readonly scope: Buffer;
}
