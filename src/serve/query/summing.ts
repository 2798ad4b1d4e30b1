import { Pool } from '../../codec/pool.ts';
import type { SpanCursor } from '../../codec/otlp/span-cursor.ts';
import { spanAt } from '../../store/query.ts';
import { hasEnded } from '../../trace/ended.ts';
import type { Span, StatusCode } from '../../trace/span.ts';

/** The columns of a list that need no tree of the spans. */
export interface SpanSums {
  /** The root span, or the earliest one where its parent has not arrived. */
  readonly root: Pick<Span, 'name' | 'start'> & { readonly service: string; readonly status: StatusCode };
  readonly durationNanos: number;
  readonly spans: number;
  readonly failedSpans: number;
  /** Only the first spans have been looked at: there are more, and it took at least this long. */
  readonly isPartial: boolean;
}

/** Spans that are decoded before other work gets its turn. */
const STEP = 16;
/** Spans of one trace that are looked at, and bytes of those that are held to be judged. */
export const MAX_SPANS = 1000;
const MAX_BYTES = 512 * 1024;

export class Summing {
  #root: Span | undefined;
  #start = 0n;
  #end = 0n;
  #spans = 0;
  #failed = 0;
  #bytes = 0;
  #held: Span[] | undefined;

  /** `holds`: the spans are wanted as well. */
  constructor(holds: boolean) {
    if (holds) this.#held = [];
  }

  /** All spans of the trace; undefined where they are too many or too large to be held. */
  get spans(): readonly Span[] | undefined {
    return this.isFull ? undefined : this.#held;
  }

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
      if (span === undefined) continue;
      this.#bytes += cursor.span.end - cursor.span.from;
      this.#add(span);
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
    if (this.#bytes > MAX_BYTES) this.#held = undefined;
    this.#held?.push(span);
  }

  /** Undefined where no span was found. */
  get sums(): SpanSums | undefined {
    if (this.#root === undefined) return undefined;
    const { name, status, start, resource } = this.#root;
    return {
      root: { name: shortened(name), status: status.code, start, service: shortened(resource.service) },
      durationNanos: Number(this.#end - this.#start),
      spans: this.#spans,
      failedSpans: this.#failed,
      isPartial: this.isFull,
    };
  }
}

/** A name for a list: a span may have one of a megabyte. */
export const shortened = (name: string): string =>
  name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME).replace(/[\ud800-\udbff]$/, '')}…`;

const MAX_NAME = 200;

/** A span without a parent is the root, before one whose parent has not arrived. */
function comesBefore(one: Span, other: Span): boolean {
  const isRoot = one.parentSpanID === undefined;
  if (isRoot !== (other.parentSpanID === undefined)) return isRoot;
  return one.start < other.start;
}
