import type { SpanID, TraceID } from './ids.ts';
import type { Span } from './span.ts';
import type { NoteCode, TraceInput } from './trace.ts';

/**
 * The parent's position for every span, −1 for roots. A parent is looked for in the span's own trace; where two spans
 * share its ID (Zipkin's shared spans), a server span's parent is the client one and everybody else's the server one.
 * Cycles are cut: of the spans on a cycle the one that started first becomes a root.
 */
export function acyclicParents(inputs: readonly TraceInput[], note: (code: NoteCode, id: SpanID) => void): Int32Array {
  const positions = new Map<Span, number>();
  const byID = new Map<TraceID, Map<SpanID, number>>();
  for (const [index, { span }] of inputs.entries()) {
    positions.set(span, index);
    let ids = byID.get(span.traceID);
    if (ids === undefined) byID.set(span.traceID, (ids = new Map()));
    const other = ids.get(span.spanID);
    if (other === undefined || span.kind === 'server') ids.set(span.spanID, index);
  }
  const parents = new Int32Array(inputs.length).fill(-1);
  for (const [index, { span, parent }] of inputs.entries()) {
    const found =
      parent === undefined
        ? span.parentSpanID === undefined
          ? undefined
          : byID.get(span.traceID)?.get(span.parentSpanID)
        : positions.get(parent);
    if (found !== undefined && found !== index) parents[index] = found;
    else if (found === index) note('cycle', span.spanID);
  }
  cutCycles(inputs, parents, note);
  return parents;
}

/** Walks up from every span once; meeting the own walk again is a cycle. */
function cutCycles(
  inputs: readonly TraceInput[],
  parents: Int32Array,
  note: (code: NoteCode, id: SpanID) => void,
): void {
  const walkOf = new Int32Array(inputs.length).fill(-1);
  for (let first = 0; first < inputs.length; first++) {
    let at = first;
    while (at >= 0 && walkOf[at] === -1) {
      walkOf[at] = first;
      at = parents[at] as number;
    }
    if (at < 0 || walkOf[at] !== first) continue;
    let earliest = at;
    for (let on = parents[at] as number; on !== at; on = parents[on] as number) {
      if ((inputs[on] as TraceInput).span.start < (inputs[earliest] as TraceInput).span.start) earliest = on;
    }
    parents[earliest] = -1;
    note('cycle', (inputs[earliest] as TraceInput).span.spanID);
  }
}
