import { commonRoot } from './common-root.ts';
import { farSpans } from './extent.ts';
import type { SpanID } from './ids.ts';
import { extendOpen } from './least-durations.ts';
import { findParents, type Kinship } from './parents.ts';
import { startOf, timesOf, type TakeNote, type Times } from './placed-times.ts';
import { siblings } from './siblings.ts';
import { sortPositions } from './index/sort-positions.ts';
import type { Nanos } from './time.ts';
import type { ClockOffset, NoteCode, PlacedSpan, Trace, TraceInput, TraceNote } from './trace.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type UnlinkedSpan = Mutable<Omit<PlacedSpan, 'children'>> & { children: PlacedSpan[] };

/** Spans as one tree, or several, before it is known where they are on its time axis. */
export interface Arrangement extends Kinship {
  readonly notes: ReadonlyMap<NoteCode, readonly SpanID[]>;
}

/**
 * Arranges spans as one tree, whatever is wrong with them: a missing parent makes a root, the second of two spans with
 * the same identity and kind is dropped, a cycle is cut at its earliest span, several roots get one above them that is
 * marked inferred, and times that cannot be (an end before the start, 104 days away from the rest) count as none. A span
 * without an end is as long as what is below it.
 * Every dirt is noted. Linear in spans but for sorting siblings, and iterative: depth costs no stack.
 * Undefined without spans.
 */
export function buildTrace(inputs: readonly TraceInput[]): Trace | undefined {
  return inputs.length === 0 ? undefined : placeSpans(arrange(inputs));
}

/** The first half of `buildTrace`, which depends on no clock. There must be a span. */
export function arrange(inputs: readonly TraceInput[]): Arrangement {
  const notes = new Map<NoteCode, SpanID[]>();
  return { ...findParents(inputs, noteIn(notes)), notes };
}

/** The second half of `buildTrace`. */
export function placeSpans({ notes: known, ...kinship }: Arrangement): Trace {
  const { inputs, parents, services } = kinship;
  const notes = new Map<NoteCode, SpanID[]>();
  for (const [code, ids] of known) notes.set(code, [...ids]);
  const note = noteIn(notes);
  const roots: number[] = [];
  for (let position = 0; position < parents.length; position++) {
    if ((parents[position] as number) < 0) roots.push(position);
  }
  const tops = roots.map((position) => inputs[position] as TraceInput);
  const common = tops.length === 1 ? undefined : commonRoot(tops);
  const startedAt = common === undefined ? startOf(tops[0] as TraceInput) : common.span.start;
  const commonTimes = common === undefined ? undefined : timesOf([common], startedAt, note);
  if (common !== undefined) for (const { span } of tops) note('several-roots', span.spanID);
  const times = timesOf(inputs, startedAt, note);
  if (times.open > 0) extendOpen(parents, times, commonTimes);

  const spans: UnlinkedSpan[] = [];
  if (common !== undefined && commonTimes !== undefined) spans.push(unlinked(common, commonTimes, 0));
  depthFirst(kinship, times, spans);
  const root = spans[0] as UnlinkedSpan;
  for (const { span } of farSpans(root, spans)) note('far-from-root', span.spanID);
  return {
    traceID: root.traceID,
    startedAt,
    duration: root.duration,
    root,
    services,
    spans,
    notes: [...[...notes].map(([code, spanIDs]): TraceNote => ({ code, spanIDs })), ...clockNotes(inputs)],
  };
}

function noteIn(notes: Map<NoteCode, SpanID[]>): TakeNote {
  return (code, id) => void (notes.get(code)?.push(id) ?? notes.set(code, [id]));
}

function clockNotes(inputs: readonly TraceInput[]): TraceNote[] {
  const moved = new Map<ClockOffset, SpanID[]>();
  for (const { clock, span } of inputs) {
    if (clock === undefined) continue;
    const ids = moved.get(clock.offset);
    if (ids === undefined) moved.set(clock.offset, [span.spanID]);
    else ids.push(span.spanID);
  }
  return [...moved].map(([clock, spanIDs]) => ({ code: 'clock-offset', spanIDs, clock }));
}

function unlinked(
  { span, source, inferred, precision, clock }: TraceInput,
  times: Times,
  position: number,
): UnlinkedSpan {
  return {
    span,
    source,
    inferred,
    precision,
    traceID: span.traceID,
    spanID: span.spanID,
    index: 0,
    depth: 0,
    parent: undefined,
    children: NO_CHILDREN,
    offset: times.offset[position] as Nanos,
    duration: times.duration[position] as Nanos,
    ended: times.unended[position] !== 1,
    moved: times.moved[position] === 1,
    clock,
  };
}

/** Most spans have none. */
const NO_CHILDREN: PlacedSpan[] = [];

/**
 * Adds the spans to those above them, depth first, siblings by start, the longer first, then as they came. A root that
 * is there already becomes the parent of those that have none.
 */
function depthFirst({ inputs, parents, isNamed }: Kinship, times: Times, spans: UnlinkedSpan[]): void {
  const { children, from } = siblings(parents);
  for (let parent = 0; parent <= inputs.length; parent++) {
    sortPositions(children, from[parent] as number, from[parent + 1] as number, times.offset, times.duration);
  }
  const [top] = spans;
  const indices = new Int32Array(inputs.length);
  const stack: number[] = [];
  const push = (parent: number): void => {
    for (let i = (from[parent + 1] as number) - 1; i >= (from[parent] as number); i--)
      stack.push(children[i] as number);
  };
  push(inputs.length);
  for (let position = stack.pop(); position !== undefined; position = stack.pop()) {
    const input = inputs[position] as TraceInput;
    const placed = unlinked(input, times, position);
    const above = parents[position] as number;
    const parent = above < 0 ? top : spans[indices[above] as number];
    placed.index = spans.length;
    if (parent !== undefined) {
      placed.parent = parent;
      placed.depth = parent.depth + 1;
      if (parent.children === NO_CHILDREN) parent.children = [placed];
      else parent.children.push(placed);
    }
    const isAsReported = (above >= 0 && isNamed[position] === 1) || parent?.spanID === input.span.parentSpanID;
    if (!isAsReported) placed.moved = true;
    indices[position] = placed.index;
    spans.push(placed);
    push(position);
  }
}
