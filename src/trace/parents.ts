import type { SpanID, TraceID } from './ids.ts';
import type { Span } from './span.ts';
import type { NoteCode, TraceInput } from './trace.ts';

type TakeNote = (code: NoteCode, id: SpanID) => void;

/**
 * The parent's position for every span, −1 for roots. A parent is looked for in the span's own trace. Where a client and
 * a server share one span ID (Zipkin's shared spans), the server's parent is the client, and everybody else's the server.
 * Cycles are cut: of the spans on a cycle the one that started first becomes a root.
 */
export function acyclicParents(inputs: readonly TraceInput[], note: TakeNote): Int32Array {
  const positions = positionsByID(inputs);
  const given = inputs.some(({ parent }) => parent !== undefined) ? positionsBySpan(inputs) : undefined;
  const parents = new Int32Array(inputs.length).fill(-1);
  for (const [index, { span, parent }] of inputs.entries()) {
    const own = positions.get(span.traceID)?.get(span.spanID);
    const id = parent?.spanID ?? span.parentSpanID;
    let found: number | undefined;
    if (parent !== undefined) found = given?.get(parent) ?? positions.get(parent.traceID)?.get(parent.spanID)?.inner;
    else if (own?.inner === index && own.outer !== index) found = own.outer;
    else if (id !== undefined) found = positions.get(span.traceID)?.get(id)?.inner;
    if (found === index) note('cycle', span.spanID);
    else if (found !== undefined) parents[index] = found;
    else if (id !== undefined) note('orphan', span.spanID);
  }
  cutCycles(inputs, parents, note);
  return parents;
}

/** Where a span ID is: twice the same position, unless a client (outer) and a server (inner) share it. */
interface Position {
  outer: number;
  inner: number;
}

function positionsByID(inputs: readonly TraceInput[]): ReadonlyMap<TraceID, ReadonlyMap<SpanID, Position>> {
  const positions = new Map<TraceID, Map<SpanID, Position>>();
  for (const [index, { span }] of inputs.entries()) {
    let ids = positions.get(span.traceID);
    if (ids === undefined) positions.set(span.traceID, (ids = new Map()));
    const position = ids.get(span.spanID);
    if (position === undefined) ids.set(span.spanID, { outer: index, inner: index });
    else if (span.kind === 'server') position.inner = index;
    else if (span.kind === 'client') position.outer = index;
  }
  return positions;
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
