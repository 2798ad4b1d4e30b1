import { counted } from '../counted.ts';
import { deriveSpanID, type SpanID } from './ids.ts';
import { findParents, type Kinship } from './parents.ts';
import { siblings } from './siblings.ts';
import { sortPositions } from './sort-positions.ts';
import type { Resource, Span } from './span.ts';
import { after, epochNanos, measurable, type EpochNanos, type Nanos } from './time.ts';
import type { ClockCorrection, ClockOffset, NoteCode, PlacedSpan, Trace, TraceInput, TraceNote } from './trace.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<Omit<PlacedSpan, 'children'>> & { children: PlacedSpan[] };
type TakeNote = (code: NoteCode, id: SpanID) => void;

/** Spans as one tree, or several, before it is known where they are on its time axis. */
export interface Arrangement extends Kinship {
  readonly notes: ReadonlyMap<NoteCode, readonly SpanID[]>;
}

/**
 * Arranges spans as one tree, whatever is wrong with them: a missing parent makes a root, the second of two spans with
 * the same identity and kind is dropped, a cycle is cut at its earliest span, several roots get one above them that is
 * marked inferred, and times that cannot be (an end before the start, 104 days away from the rest) count as none.
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

  const spans: Draft[] = [];
  if (common !== undefined && commonTimes !== undefined) spans.push(draft(common, commonTimes, 0));
  depthFirst(kinship, times, spans);
  const root = spans[0] as Draft;
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

const startOf = ({ start, span, clock }: TraceInput): EpochNanos => corrected(start ?? span.start, clock);
const endOf = ({ end, span, clock }: TraceInput): EpochNanos => corrected(end ?? span.end, clock);

const corrected = (time: EpochNanos, clock: ClockCorrection | undefined): EpochNanos =>
  clock === undefined ? time : after(time, clock.nanos);

/** How far a time is from the trace's start once its clock is corrected; undefined when it cannot be placed. */
function offsetOf(time: EpochNanos, clock: ClockCorrection | undefined, startedAt: EpochNanos): Nanos | undefined {
  const offset = measurable(startedAt, time);
  if (clock === undefined) return offset;
  const moved = (offset ?? NaN) + clock.nanos;
  return Number.isSafeInteger(moved) ? (moved as Nanos) : measurable(startedAt, corrected(time, clock));
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

/** Where spans are on the trace's axis, by their positions. */
interface Times {
  /** Nanoseconds. */
  readonly offset: Float64Array;
  readonly duration: Float64Array;
  /** 1 where that is not what the process reported. */
  readonly moved: Uint8Array;
}

/** Times that cannot be placed leave a span where the trace starts, or without a duration; there is no better guess. */
function timesOf(inputs: readonly TraceInput[], startedAt: EpochNanos, note: TakeNote): Times {
  const times = {
    offset: new Float64Array(inputs.length),
    duration: new Float64Array(inputs.length),
    moved: new Uint8Array(inputs.length),
  };
  for (let position = 0; position < inputs.length; position++) {
    const input = inputs[position] as TraceInput;
    const { span, clock } = input;
    const start = input.start ?? span.start;
    const end = input.end ?? span.end;
    const offset = offsetOf(start, clock, startedAt);
    const toEnd = offsetOf(end, clock, startedAt);
    if (offset === undefined || toEnd === undefined) note('out-of-range', span.spanID);
    else if (toEnd < offset) note('negative-duration', span.spanID);
    const length = offset === undefined || toEnd === undefined ? undefined : toEnd - offset;
    // Two offsets are exact, but the time from far before the trace to far after it need not be.
    const duration = Math.min(Math.max(0, length ?? 0), Number.MAX_SAFE_INTEGER);
    times.offset[position] = offset ?? 0;
    times.duration[position] = duration;
    const isMoved = start !== span.start || end !== span.end || (clock?.nanos ?? 0) !== 0 || duration !== length;
    if (isMoved) times.moved[position] = 1;
  }
  return times;
}

function draft({ span, source, inferred, clock }: TraceInput, times: Times, position: number): Draft {
  return {
    span,
    source,
    inferred,
    traceID: span.traceID,
    spanID: span.spanID,
    index: 0,
    depth: 0,
    parent: undefined,
    children: NO_CHILDREN,
    offset: times.offset[position] as Nanos,
    duration: times.duration[position] as Nanos,
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
function depthFirst({ inputs, parents, isNamed }: Kinship, times: Times, spans: Draft[]): void {
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
    const one = draft(input, times, position);
    const above = parents[position] as number;
    const parent = above < 0 ? top : spans[indices[above] as number];
    one.index = spans.length;
    if (parent !== undefined) {
      one.parent = parent;
      one.depth = parent.depth + 1;
      if (parent.children === NO_CHILDREN) parent.children = [one];
      else parent.children.push(one);
    }
    const isAsReported = (above >= 0 && isNamed[position] === 1) || parent?.spanID === input.span.parentSpanID;
    if (!isAsReported) one.moved = true;
    indices[position] = one.index;
    spans.push(one);
    push(position);
  }
}

const NO_PROCESS: Resource = { service: '', attributes: {} };

/** A root above several roots, from the first start to the last end of those that have a time (OTLP's 0 is "not set"). */
function commonRoot(roots: readonly TraceInput[]): TraceInput {
  const timed = roots.filter((one) => startOf(one) > 0n && measurable(startOf(one), endOf(one)) !== undefined);
  const [first, ...others] = (timed.length === 0 ? roots : timed) as [TraceInput, ...TraceInput[]];
  let start = startOf(first);
  let end = endOf(first);
  for (const one of others) {
    if (startOf(one) < start) start = startOf(one);
    if (endOf(one) > end) end = endOf(one);
  }
  const { span } = roots[0] as TraceInput;
  return {
    span: {
      traceID: span.traceID,
      spanID: deriveSpanID(span.spanID, 'several roots'),
      name: counted(roots.length, 'root'),
      kind: 'internal',
      start,
      end: epochNanos(end < start ? start : end),
      status: { code: 'unset' },
      attributes: {},
      events: [],
      links: [],
      resource: NO_PROCESS,
    } satisfies Span,
    source: 'gap',
    inferred: true,
  };
}
