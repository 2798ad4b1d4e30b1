import type { SpanID, TraceID } from '../ids.ts';
import type { Span, SpanKind } from '../span.ts';

/** Several spans of one ID: of those the client is outside, the server inside. */
interface Shared {
  outer: number;
  inner: number;
  readonly kinds: SpanKind[];
}

/** Whether spans of these kinds and one ID are one: client and server may share an ID, and what is no version of both. */
export const mayBeOne = (one: SpanKind, other: SpanKind): boolean =>
  one === other || one === 'unspecified' || other === 'unspecified';

const EMPTY = -1;

/**
 * Where spans are, by trace and ID. IDs are random, and of a hundred thousand of them a Map of texts reads as many places
 * all over the memory, several times for each; here they are numbers in three arrays: a hash table with open addressing,
 * at most half full.
 */
export class SpanPositions {
  readonly #slots: Int32Array;
  /** By position: both halves of the ID, and the number of its trace. */
  readonly #high: Int32Array;
  readonly #low: Int32Array;
  readonly #traceOf: Int32Array;
  readonly #traces = new Map<TraceID, number>();
  /** By the position of the first. Nearly every ID is that of one span. */
  readonly #shared = new Map<number, Shared>();
  #count = 0;

  /** Room for this many spans. */
  constructor(capacity: number) {
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity + 1))).fill(EMPTY);
    this.#high = new Int32Array(capacity);
    this.#low = new Int32Array(capacity);
    this.#traceOf = new Int32Array(capacity);
  }

  /** Gives a span the next position; false for one of the same identity and kind as one before, which gets none. */
  add({ traceID, spanID, kind }: Span, kindAt: (position: number) => SpanKind): boolean {
    let trace = this.#traces.get(traceID);
    if (trace === undefined) this.#traces.set(traceID, (trace = this.#traces.size));
    const high = half(spanID, 0);
    const low = half(spanID, 8);
    const slot = this.#slotOf(trace, high, low);
    const first = this.#slots[slot] as number;
    const position = this.#count;
    if (first === EMPTY) this.#slots[slot] = position;
    else {
      const shared = this.#shared.get(first) ?? { outer: first, inner: first, kinds: [kindAt(first)] };
      const twin = shared.kinds.findIndex((other) => mayBeOne(other, kind));
      if (twin !== -1) {
        if (shared.kinds[twin] === 'unspecified') shared.kinds[twin] = kind;
        this.#shared.set(first, shared);
        return false;
      }
      shared.kinds.push(kind);
      if (kind === 'server') shared.inner = position;
      else if (kind === 'client') shared.outer = position;
      this.#shared.set(first, shared);
    }
    this.#high[position] = high;
    this.#low[position] = low;
    this.#traceOf[position] = trace;
    this.#count++;
    return true;
  }

  /** The span of that ID that others have for a parent: where several share it, the server's. */
  parentAt(traceID: TraceID, spanID: SpanID): number | undefined {
    const first = this.#first(traceID, spanID);
    return first === undefined ? undefined : (this.#shared.get(first)?.inner ?? first);
  }

  /** Where a span is a server's that shares its client's ID: the client. */
  clientOf({ traceID, spanID }: Span, position: number): number | undefined {
    if (this.#shared.size === 0) return undefined;
    const first = this.#first(traceID, spanID);
    const shared = first === undefined ? undefined : this.#shared.get(first);
    return shared?.inner === position && shared.outer !== position ? shared.outer : undefined;
  }

  #first(traceID: TraceID, spanID: SpanID): number | undefined {
    const trace = this.#traces.get(traceID);
    if (trace === undefined) return undefined;
    const found = this.#slots[this.#slotOf(trace, half(spanID, 0), half(spanID, 8))] as number;
    return found === EMPTY ? undefined : found;
  }

  /** The slot of that ID, or the one that it would have. */
  #slotOf(trace: number, high: number, low: number): number {
    const mask = this.#slots.length - 1;
    // Some programs count their IDs: all bits of both halves take part.
    let hash = Math.imul(high ^ Math.imul(low, 0x9e3779b1) ^ trace, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const position = this.#slots[slot] as number;
      if (position === EMPTY) return slot;
      if (this.#low[position] === low && this.#high[position] === high && this.#traceOf[position] === trace)
        return slot;
    }
  }
}

/** Eight hexadecimal digits as the bits of an integer. */
function half(id: SpanID, from: number): number {
  let bits = 0;
  for (let i = from; i < from + 8; i++) {
    const code = id.charCodeAt(i);
    bits = (bits << 4) | (code < 0x61 ? code - 0x30 : code - 0x57);
  }
  return bits;
}
