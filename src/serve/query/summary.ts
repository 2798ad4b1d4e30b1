import { Pool } from '../../codec/pool.ts';
import { SpanCursor } from '../../codec/otlp/span-cursor.ts';
import { spanAt } from '../../store/query.ts';
import type { StoredTrace } from '../../store/trace-reader.ts';
import type { Steps } from '../../store/turns.ts';
import { hasEnded } from '../../trace/ended.ts';
import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';

/** A line of a list of traces. */
export interface TraceSummary {
  readonly traceID: TraceID;
  /** The root span, or the earliest one where its parent has not arrived. */
  readonly root: Pick<Span, 'name' | 'status' | 'start'> & { readonly service: string };
  readonly durationNanos: number;
  readonly spans: number;
  readonly failedSpans: number;
  /** Only the first spans have been looked at: there are more, and it took at least this long. */
  readonly isPartial: boolean;
}

/** Spans that are decoded before other work gets its turn, and of one trace at most. */
const STEP = 16;
const MAX_SPANS = 1000;

/** Without those that have been removed meanwhile. */
export function* summaries(traces: readonly StoredTrace[]): Steps<TraceSummary[]> {
  const lines: TraceSummary[] = [];
  for (const trace of traces) {
    const summing = new Summing();
    for (const id of trace.chunks) {
      const cursor = new SpanCursor();
      while (!summing.isFull && summing.step(trace.chunk(id), cursor)) yield;
      yield;
      if (summing.isFull) break;
    }
    const line = summing.line(trace.traceID);
    if (line !== undefined) lines.push(line);
  }
  return lines;
}

class Summing {
  #root: Span | undefined;
  #start = 0n;
  #end = 0n;
  #spans = 0;
  #failed = 0;

  get isFull(): boolean {
    return this.#spans >= MAX_SPANS;
  }

  /** False when the chunk has no more. */
  step(message: Buffer | undefined, cursor: SpanCursor): boolean {
    if (message === undefined) return false;
    const pool = new Pool();
    for (let count = 0; count < STEP; count++) {
      const found = cursor.next(message);
      if (found === 'end') return false;
      if (found === 'pause') return true;
      const span = spanAt(message, cursor, pool);
      if (span !== undefined) this.#add(span);
    }
    return true;
  }

  #add(span: Span): void {
    const end = hasEnded(span) ? span.end : span.start;
    if (this.#spans === 0 || span.start < this.#start) this.#start = span.start;
    if (end > this.#end) this.#end = end;
    if (span.status.code === 'error') this.#failed++;
    if (this.#root === undefined || comesBefore(span, this.#root)) this.#root = span;
    this.#spans++;
  }

  line(traceID: TraceID): TraceSummary | undefined {
    if (this.#root === undefined) return undefined;
    const { name, status, start, resource } = this.#root;
    return {
      traceID,
      root: { name, status, start, service: resource.service },
      durationNanos: Number(this.#end - this.#start),
      spans: this.#spans,
      failedSpans: this.#failed,
      isPartial: this.isFull,
    };
  }
}

/** A span without a parent is the root, before one whose parent has not arrived. */
function comesBefore(one: Span, other: Span): boolean {
  const isRoot = one.parentSpanID === undefined;
  if (isRoot !== (other.parentSpanID === undefined)) return isRoot;
  return one.start < other.start;
}
