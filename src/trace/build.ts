import { deriveSpanID, type SpanID, type TraceID } from './ids.ts';
import { acyclicParents } from './parents.ts';
import type { Resource, Span } from './span.ts';
import { between, epochNanos, type Nanos } from './time.ts';
import type { NoteCode, PlacedSpan, Trace, TraceInput, TraceNote } from './trace.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<Omit<PlacedSpan, 'parent' | 'children'>> & { parent: Draft | undefined; children: Draft[] };

/**
 * Arranges spans as one tree, whatever is wrong with them: a missing parent makes a root, the second of two spans with
 * the same identity and kind is dropped, a cycle is cut at its earliest span, and several roots get one above them that
 * is marked inferred. Every dirt is noted. Linear in spans but for sorting siblings, and iterative: depth costs no stack.
 * Undefined without spans.
 */
export function buildTrace(inputs: readonly TraceInput[]): Trace | undefined {
  const notes = new Map<NoteCode, SpanID[]>();
  const note = (code: NoteCode, id: SpanID): void => void (notes.get(code)?.push(id) ?? notes.set(code, [id]));

  const unique = withoutDuplicates(inputs, note);
  if (unique.length === 0) return undefined;
  const parents = acyclicParents(unique, note);

  const drafts = unique.map((input) => draft(input));
  const roots: Draft[] = [];
  for (const [index, one] of drafts.entries()) {
    const parentIndex = parents[index] as number;
    const parent = parentIndex < 0 ? undefined : drafts[parentIndex];
    if (parent === undefined) {
      roots.push(one);
      if (unique[index]?.span.parentSpanID !== undefined) note('orphan', one.spanID);
    } else {
      one.parent = parent;
      parent.children.push(one);
    }
  }

  const starts = new Map<Draft, bigint>();
  for (const [index, one] of drafts.entries()) starts.set(one, startOf(unique[index] as TraceInput));
  let root = roots[0] as Draft;
  if (roots.length > 1) {
    root = commonRoot(roots, starts);
    for (const one of roots) note('several-roots', one.spanID);
  }
  const startedAt = epochNanos(starts.get(root) as bigint);
  for (const [index, one] of drafts.entries()) {
    const input = unique[index] as TraceInput;
    one.offset = between(startedAt, input.start ?? input.span.start);
    if (between(input.start ?? input.span.start, input.end ?? input.span.end) < 0)
      note('negative-duration', one.spanID);
  }

  const spans = depthFirst(root);
  return {
    traceID: root.traceID,
    startedAt,
    duration: root.duration,
    root: root as PlacedSpan,
    spans: spans as readonly PlacedSpan[],
    notes: [...notes].map(([code, spanIDs]): TraceNote => ({ code, spanIDs })),
  };
}

const startOf = (input: TraceInput): bigint => input.start ?? input.span.start;

function withoutDuplicates(inputs: readonly TraceInput[], note: (code: NoteCode, id: SpanID) => void): TraceInput[] {
  const seen = new Map<TraceID, Set<string>>();
  return inputs.filter(({ span }) => {
    let ids = seen.get(span.traceID);
    if (ids === undefined) seen.set(span.traceID, (ids = new Set()));
    const key = `${span.spanID}${span.kind}`;
    if (ids.has(key)) {
      note('duplicate', span.spanID);
      return false;
    }
    ids.add(key);
    return true;
  });
}

function draft(input: TraceInput): Draft {
  const { span } = input;
  const duration = between(input.start ?? span.start, input.end ?? span.end);
  return {
    span,
    source: input.source,
    inferred: input.inferred,
    traceID: span.traceID,
    spanID: span.spanID,
    index: -1,
    depth: 0,
    parent: undefined,
    children: [],
    offset: 0 as Nanos,
    duration: (duration < 0 ? 0 : duration) as Nanos,
    moved: input.parent !== undefined || input.start !== undefined || input.end !== undefined,
  };
}

const NO_PROCESS: Resource = { service: '', attributes: {} };

/** A root above several roots, from the first start to the last end of them all. */
function commonRoot(roots: readonly Draft[], starts: ReadonlyMap<Draft, bigint>): Draft {
  let start: bigint | undefined;
  let end: bigint | undefined;
  for (const one of roots) {
    const from = starts.get(one) as bigint;
    const to = from + BigInt(one.duration);
    if (start === undefined || from < start) start = from;
    if (end === undefined || to > end) end = to;
  }
  const first = roots[0] as Draft;
  const span: Span = {
    traceID: first.traceID,
    spanID: deriveSpanID(first.spanID, 'several roots'),
    name: `${roots.length} roots`,
    kind: 'internal',
    start: epochNanos(start as bigint),
    end: epochNanos(end as bigint),
    status: { code: 'unset' },
    attributes: {},
    events: [],
    links: [],
    resource: NO_PROCESS,
  };
  const root = draft({ span, source: 'gap', inferred: true });
  for (const one of roots) {
    one.parent = root;
    root.children.push(one);
  }
  (starts as Map<Draft, bigint>).set(root, span.start);
  return root;
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
