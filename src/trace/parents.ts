import type { SpanID } from './ids.ts';
import { mergeVersions } from './merge-versions.ts';
import { mayBeOne, SpanPositions } from './index/span-positions.ts';
import type { Resource, Span, SpanKind } from './span.ts';
import type { NoteCode, TraceInput } from './trace.ts';

type TakeNote = (code: NoteCode, id: SpanID) => void;

/** Spans by whose child each is; nothing is known of their times yet. */
export interface Kinship {
  /** Each span once. */
  readonly inputs: readonly TraceInput[];
  /** The parent's position for every input, −1 for roots. Without cycles. */
  readonly parents: Int32Array;
  /** 1 where the parent is the one that the span itself names. */
  readonly isNamed: Uint8Array;
  readonly services: ReadonlySet<string>;
}

/**
 * Finds the parent of every span. It is looked for in the span's own trace. Where a client and a server share one span
 * ID (Zipkin's shared spans), the server's parent is the client, and the parent of all others is the server. Two spans
 * of the same identity and kind are versions of one. Cycles are cut: the span of a cycle that started first becomes a
 * root.
 */
export function findParents(inputs: readonly TraceInput[], note: TakeNote): Kinship {
  const positions = new SpanPositions(inputs.length);
  const unique: TraceInput[] = [];
  const again: TraceInput[] = [];
  const kindAt = (position: number): SpanKind => (unique[position] as TraceInput).span.kind;
  for (const input of inputs) {
    if (positions.add(input.span, kindAt)) unique.push(input);
    else {
      note('duplicate', input.span.spanID);
      again.push(input);
    }
  }
  if (again.length > 0) mergeAgain(unique, again);
  const given = unique.some(({ parent }) => parent !== undefined) ? positionsBySpan(unique) : undefined;
  const parents = new Int32Array(unique.length).fill(-1);
  const isNamed = new Uint8Array(unique.length);
  const services = new Set<string>();
  let last: Resource | undefined;
  for (let index = 0; index < unique.length; index++) {
    const { span, parent } = unique[index] as TraceInput;
    // Spans of one process often stand together.
    if (span.resource !== last) services.add(span.resource.service);
    last = span.resource;
    const id = parent?.spanID ?? span.parentSpanID;
    let found: number | undefined;
    if (parent !== undefined) found = given?.get(parent) ?? positions.parentAt(parent.traceID, parent.spanID);
    else {
      const client = positions.clientOf(span, index);
      if (client !== undefined) found = client;
      else if (id !== undefined) {
        found = positions.parentAt(span.traceID, id);
        isNamed[index] = 1;
      }
    }
    if (found === index) note('cycle', span.spanID);
    else if (found !== undefined) parents[index] = found;
    else if (id !== undefined) note('orphan', span.spanID);
  }
  cutCycles(unique, parents, note);
  return { inputs: unique, parents, isNamed, services };
}

/** Several reports from processes are merged into one; of the client's own measurements the first counts. */
function mergeAgain(unique: TraceInput[], again: readonly TraceInput[]): void {
  const versions = Map.groupBy(again, ({ span }) => span.traceID + span.spanID);
  const merged = new Set<TraceInput>();
  for (const [position, input] of unique.entries()) {
    if (input.source !== 'span') continue;
    let { span } = input;
    for (const other of versions.get(span.traceID + span.spanID) ?? []) {
      if (other.source !== 'span' || merged.has(other) || !mayBeOne(span.kind, other.span.kind)) continue;
      merged.add(other);
      span = mergeVersions(span, other.span);
    }
    if (span !== input.span) unique[position] = { ...input, span };
  }
}

function positionsBySpan(inputs: readonly TraceInput[]): ReadonlyMap<Span, number> {
  return new Map(inputs.map(({ span }, index) => [span, index]));
}

/** Walks up from every span once; meeting the own walk again is a cycle. */
function cutCycles(inputs: readonly TraceInput[], parents: Int32Array, note: TakeNote): void {
  const walkOf = new Int32Array(inputs.length).fill(-1);
  for (let first = 0; first < inputs.length; first++) {
    let index = first;
    while (index >= 0 && walkOf[index] === -1) {
      walkOf[index] = first;
      index = parents[index] as number;
    }
    if (index < 0 || walkOf[index] !== first) continue;
    const earliest = earliestOnCycle(inputs, parents, index);
    parents[earliest] = -1;
    note('cycle', (inputs[earliest] as TraceInput).span.spanID);
  }
}

function earliestOnCycle(inputs: readonly TraceInput[], parents: Int32Array, member: number): number {
  const startOf = (index: number): bigint => (inputs[index] as TraceInput).span.start;
  let earliest = member;
  for (let ancestor = parents[member] as number; ancestor !== member; ancestor = parents[ancestor] as number) {
    if (startOf(ancestor) < startOf(earliest)) earliest = ancestor;
  }
  return earliest;
}
