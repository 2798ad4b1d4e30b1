import type { SpanKind } from '../trace/span.ts';
import type { TraceID } from '../trace/ids.ts';

/** Spans of one trace and one resource that came with one request: what the store keeps as one row. */
export interface Chunk {
  readonly traceID: TraceID;
  readonly service: string;
  /** The earliest and the latest start of its spans, in nanoseconds since the epoch. */
  readonly firstStart: bigint;
  readonly lastStart: bigint;
  readonly spanCount: number;
  readonly operations: readonly Operation[];
  /** The message `ResourceSpans` of OTLP. */
  readonly message: Uint8Array;
}

/** A chunk that is still part of the request that it came with: its message is made when it is written. */
export interface ChunkPlan {
  readonly service: string;
  /** Size of its message. */
  readonly bytes: number;
  build(): Chunk;
}

/** A name that spans of a service have. */
export interface Operation {
  readonly name: string;
  readonly kind: SpanKind;
}
