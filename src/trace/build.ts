import { deriveSpanID, type SpanID, type TraceID } from './ids.ts';
import { acyclicParents } from './parents.ts';
import type { Resource, Span } from './span.ts';
import { after, epochNanos, measurable, type EpochNanos, type Nanos } from './time.ts';
import type { ClockOffset, NoteCode, PlacedSpan, Trace, TraceInput, TraceNote } from './trace.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<Omit<PlacedSpan, 'parent' | 'children'>> & { parent: Draft | undefined; children: Draft[] };
type TakeNote = (code: NoteCode, id: SpanID) => void;

/**
 * Arranges spans as one tree, whatever is wrong with them: a missing parent makes a root, the second of two spans with
 * the same identity and kind is dropped, a cycle is cut at its earliest span, several roots get one above them that is
 * marked inferred, and times that cannot be (an end before the start, 104 days away from the rest) count as none.
 * Every dirt is noted. Linear in spans but for sorting siblings, and iterative: depth costs no stack.
 * Undefined without spans.
 */
export function buildTrace(inputs: readonly TraceInput[]): Trace | undefined {
  const notes = new Map<NoteCode, SpanID[]>();
  const note: TakeNote = (code, id) => void (notes.get(code)?.push(id) ?? notes.set(code, [id]));

  const unique = withoutDuplicates(inputs, note);
  if (unique.length === 0) return undefined;
  const parents = acyclicParents(unique, note);

  const drafts = unique.map(draft);
  const roots: number[] = [];
  for (const [index, one] of drafts.entries()) {
    const parent = drafts[parents[index] as number];
    if (parent === undefined) roots.push(index);
    else adopt(parent, one);
  }

  const [first] = roots as [number];
  let root = drafts[first] as Draft;
  let startedAt = startOf(unique[first] as TraceInput);
  if (roots.length > 1) {
    const input = commonRoot(roots.map((index) => unique[index] as TraceInput));
    root = draft(input);
    startedAt = input.span.start;
    place(root, input, startedAt, note);
    for (const index of roots) {
      const one = drafts[index] as Draft;
      adopt(root, one);
      note('several-roots', one.spanID);
    }
  }
  for (const [index, one] of drafts.entries()) place(one, unique[index] as TraceInput, startedAt, note);

  return {
    traceID: root.traceID,
    startedAt,
    duration: root.duration,
    root,
    spans: depthFirst(root),
    notes: [...[...notes].map(([code, spanIDs]): TraceNote => ({ code, spanIDs })), ...clockNotes(unique)],
  };
}

const startOf = (input: TraceInput): EpochNanos => corrected(input.start ?? input.span.start, input);
const endOf = (input: TraceInput): EpochNanos => corrected(input.end ?? input.span.end, input);

const corrected = (time: EpochNanos, { clock }: TraceInput): EpochNanos =>
  clock === undefined ? time : after(time, clock.nanos);

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

function adopt(parent: Draft, child: Draft): void {
  child.parent = parent;
  parent.children.push(child);
}

function withoutDuplicates(inputs: readonly TraceInput[], note: TakeNote): TraceInput[] {
  const seen = new Map<TraceID, Set<string>>();
  return inputs.filter(({ span }) => {
    let ids = seen.get(span.traceID);
    if (ids === undefined) seen.set(span.traceID, (ids = new Set()));
    const key = span.spanID + span.kind;
    if (ids.has(key)) {
      note('duplicate', span.spanID);
      return false;
    }
    ids.add(key);
    return true;
  });
}

function draft({ span, source, inferred, clock }: TraceInput): Draft {
  return {
    span,
    source,
    inferred,
    traceID: span.traceID,
    spanID: span.spanID,
    index: -1,
    depth: 0,
    parent: undefined,
    children: [],
    offset: 0 as Nanos,
    duration: 0 as Nanos,
    moved: false,
    clock,
  };
}

/** Times that cannot be placed leave a span where the trace starts, or without a duration; there is no better guess. */
function place(one: Draft, input: TraceInput, startedAt: EpochNanos, note: TakeNote): void {
  const { span } = one;
  const start = startOf(input);
  const end = endOf(input);
  const offset = measurable(startedAt, start);
  const toEnd = measurable(startedAt, end);
  if (offset === undefined || toEnd === undefined) note('out-of-range', one.spanID);
  else if (toEnd < offset) note('negative-duration', one.spanID);
  one.offset = offset ?? (0 as Nanos);
  const duration = offset === undefined || toEnd === undefined ? 0 : toEnd - offset;
  // Two offsets are exact, but the time from far before the trace to far after it need not be.
  one.duration = Math.min(Math.max(0, duration), Number.MAX_SAFE_INTEGER) as Nanos;
  one.moved =
    one.parent?.spanID !== span.parentSpanID ||
    start !== span.start ||
    end !== span.end ||
    offset === undefined ||
    one.duration !== Number(end - start);
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
      name: `${roots.length} roots`,
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

/** Sorts siblings, gives each span its index and depth, and returns them in that order. */
function depthFirst(root: Draft): Draft[] {
  const order: Draft[] = [];
  const stack: Draft[] = [root];
  for (let one = stack.pop(); one !== undefined; one = stack.pop()) {
    one.index = order.length;
    one.depth = one.parent === undefined ? 0 : one.parent.depth + 1;
    order.push(one);
    if (one.children.length > 1) one.children.sort((a, b) => a.offset - b.offset || b.duration - a.duration);
    for (let i = one.children.length - 1; i >= 0; i--) stack.push(one.children[i] as Draft);
  }
  return order;
}
