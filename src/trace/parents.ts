import type { SpanID, TraceID } from './ids.ts';
import type { Span, SpanKind } from './span.ts';
import type { NoteCode, TraceInput } from './trace.ts';

type TakeNote = (code: NoteCode, id: SpanID) => void;

/** Spans by whose child each is; nothing is known of their times yet. */
export interface Kinship {
  /** Each span once. */
  readonly inputs: readonly TraceInput[];
  /** The parent's position for every input, −1 for roots. Without cycles. */
  readonly parents: Int32Array;
}

/**
 * Finds the parent of every span. It is looked for in the span's own trace. Where a client and a server share one span ID
 * (Zipkin's shared spans), the server's parent is the client, and everybody else's the server. The second of two spans of
 * the same identity and kind is dropped. Cycles are cut: of the spans on a cycle the one that started first becomes a
 * root.
 */
export function findParents(inputs: readonly TraceInput[], note: TakeNote): Kinship {
  const positions = new Positions();
  const unique = inputs.filter(({ span }) => {
    const isNew = positions.add(span);
    if (!isNew) note('duplicate', span.spanID);
    return isNew;
  });
  const given = unique.some(({ parent }) => parent !== undefined) ? positionsBySpan(unique) : undefined;
  const parents = new Int32Array(unique.length).fill(-1);
  for (let index = 0; index < unique.length; index++) {
    const { span, parent } = unique[index] as TraceInput;
    const id = parent?.spanID ?? span.parentSpanID;
    let found: number | undefined;
    if (parent !== undefined) found = given?.get(parent) ?? positions.inner(parent.traceID, parent.spanID);
    else {
      const client = positions.clientOf(span, index);
      if (client !== undefined) found = client;
      else if (id !== undefined) found = positions.inner(span.traceID, id);
    }
    if (found === index) note('cycle', span.spanID);
    else if (found !== undefined) parents[index] = found;
    else if (id !== undefined) note('orphan', span.spanID);
  }
  cutCycles(unique, parents, note);
  return { inputs: unique, parents };
}

/** Several spans of one ID: of those the client is outside, the server inside. */
interface Shared {
  outer: number;
  inner: number;
  readonly kinds: SpanKind[];
}

/** Where spans are, in the order in which they were added, by trace and ID. Nearly every ID is that of one span. */
class Positions {
  readonly #traces = new Map<TraceID, Map<SpanID, number | Shared>>();
  readonly #kinds: SpanKind[] = [];
  #hasShared = false;

  /** False for one that has been added before. */
  add({ traceID, spanID, kind }: Span): boolean {
    let ids = this.#traces.get(traceID);
    if (ids === undefined) this.#traces.set(traceID, (ids = new Map()));
    const known = ids.get(spanID);
    const position = this.#kinds.length;
    if (known === undefined) ids.set(spanID, position);
    else {
      const shared = typeof known === 'number' ? this.#share(known) : known;
      if (shared.kinds.includes(kind)) return false;
      shared.kinds.push(kind);
      if (kind === 'server') shared.inner = position;
      else if (kind === 'client') shared.outer = position;
      ids.set(spanID, shared);
    }
    this.#kinds.push(kind);
    return true;
  }

  /** The span of that ID that is asked for as a parent. */
  inner(traceID: TraceID, spanID: SpanID): number | undefined {
    const found = this.#traces.get(traceID)?.get(spanID);
    return typeof found === 'object' ? found.inner : found;
  }

  /** Of a server's span that shares its client's ID. */
  clientOf({ traceID, spanID }: Span, position: number): number | undefined {
    if (!this.#hasShared) return undefined;
    const found = this.#traces.get(traceID)?.get(spanID);
    return typeof found === 'object' && found.inner === position && found.outer !== position ? found.outer : undefined;
  }

  #share(position: number): Shared {
    this.#hasShared = true;
    return { outer: position, inner: position, kinds: [this.#kinds[position] as SpanKind] };
  }
}

function positionsBySpan(inputs: readonly TraceInput[]): ReadonlyMap<Span, number> {
  return new Map(inputs.map(({ span }, index) => [span, index]));
}

/** Walks up from every span once; meeting the own walk again is a cycle. */
function cutCycles(inputs: readonly TraceInput[], parents: Int32Array, note: TakeNote): void {
  const walkOf = new Int32Array(inputs.length).fill(-1);
  for (let first = 0; first < inputs.length; first++) {
    let at = first;
    while (at >= 0 && walkOf[at] === -1) {
      walkOf[at] = first;
      at = parents[at] as number;
    }
    if (at < 0 || walkOf[at] !== first) continue;
    const earliest = earliestOnCycle(inputs, parents, at);
    parents[earliest] = -1;
    note('cycle', (inputs[earliest] as TraceInput).span.spanID);
  }
}

function earliestOnCycle(inputs: readonly TraceInput[], parents: Int32Array, member: number): number {
  const startOf = (index: number): bigint => (inputs[index] as TraceInput).span.start;
  let earliest = member;
  for (let on = parents[member] as number; on !== member; on = parents[on] as number) {
    if (startOf(on) < startOf(earliest)) earliest = on;
  }
  return earliest;
}
