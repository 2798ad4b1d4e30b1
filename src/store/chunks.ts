import { spanGroups, type SpanGroup } from '../backend/wire/otlp-groups.ts';
import { decodeResource, decodeScope, decodeSpan } from '../backend/wire/otlp-protobuf.ts';
import { Pool } from '../backend/wire/pool.ts';
import { bytesField } from '../backend/wire/protobuf-writer.ts';
import type { TraceID } from '../trace/ids.ts';
import type { Resource, Span } from '../trace/span.ts';
import type { Chunk, Operation } from './chunk.ts';

/** A request's spans, as the store keeps them. */
export interface Divided {
  readonly chunks: readonly Chunk[];
  readonly spanCount: number;
  /** Spans without valid IDs or times. */
  readonly rejected: number;
}

/** The latest time that the store can sort by, in the year 2262. */
const LATEST = 2n ** 63n - 1n;

/**
 * Divides a message `ExportTraceServiceRequest` by trace and resource. Every span is decoded, so that what is kept can
 * be read again; it is kept as it came. Throws MalformedMessage.
 */
export function divide(request: Uint8Array): Divided {
  const pool = new Pool();
  const parts = new Map<string, ChunkBuilder>();
  let spanCount = 0;
  let rejected = 0;
  let previous: Buffer | undefined;
  let resourceIndex = 0;
  for (const group of spanGroups(request)) {
    if (previous !== group.resource) resourceIndex++;
    previous = group.resource;
    const resource = decodeResource(group.resource, pool);
    const scope = decodeScope(group.scope, pool);
    for (const message of group.spans) {
      const span = decodeSpan(message, resource, scope, pool);
      if (span === undefined || span.start > LATEST || span.end > LATEST) {
        rejected++;
        continue;
      }
      spanCount++;
      const key = `${resourceIndex} ${span.traceID}`;
      let part = parts.get(key);
      if (part === undefined) parts.set(key, (part = new ChunkBuilder(span, resource)));
      part.add(span, message, group);
    }
  }
  return { chunks: [...parts.values()].map((part) => part.build()), spanCount, rejected };
}

class ChunkBuilder {
  readonly #traceID: TraceID;
  readonly #resource: Resource;
  readonly #scopes = new Map<SpanGroup, Buffer[]>();
  readonly #operations = new Map<string, Operation>();
  #firstStart: bigint;
  #lastStart: bigint;
  #count = 0;

  constructor({ traceID, start }: Span, resource: Resource) {
    this.#traceID = traceID;
    this.#resource = resource;
    this.#firstStart = start;
    this.#lastStart = start;
  }

  add({ name, kind, start }: Span, message: Buffer, group: SpanGroup): void {
    const messages = this.#scopes.get(group);
    if (messages === undefined) this.#scopes.set(group, [message]);
    else messages.push(message);
    const key = `${kind} ${name}`;
    if (!this.#operations.has(key)) this.#operations.set(key, { name, kind });
    if (start < this.#firstStart) this.#firstStart = start;
    if (start > this.#lastStart) this.#lastStart = start;
    this.#count++;
  }

  build(): Chunk {
    return {
      traceID: this.#traceID,
      service: this.#resource.service,
      firstStart: this.#firstStart,
      lastStart: this.#lastStart,
      spanCount: this.#count,
      operations: [...this.#operations.values()],
      message: resourceSpans(this.#scopes),
    };
  }
}

/** The message `ResourceSpans`: resource 1, scopes 2, each with scope 1 and spans 2. */
function resourceSpans(scopes: ReadonlyMap<SpanGroup, readonly Buffer[]>): Buffer {
  const pieces: Uint8Array[] = [];
  for (const [{ resource, scope }, spans] of scopes) {
    if (pieces.length === 0 && resource.length > 0) pieces.push(...bytesField(1, resource));
    const inner: Uint8Array[] = scope.length === 0 ? [] : bytesField(1, scope);
    for (const span of spans) inner.push(...bytesField(2, span));
    pieces.push(...bytesField(2, Buffer.concat(inner)));
  }
  return Buffer.concat(pieces);
}
