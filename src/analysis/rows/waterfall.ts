import { extentOf, sideOf, type Stretch } from '../../trace/extent.ts';
import { nanos, type Nanos } from '../../trace/time.ts';
import type { PlacedSpan, Precision } from '../../trace/trace.ts';
import type { Analysis } from '../analyse.ts';
import { hasFailed } from '../attributes.ts';
import { displayedFindings } from '../findings/index.ts';
import type { Label, RowNode } from './row-node.ts';
import { ownIntervals, type Interval } from '../timing/self-time.ts';

/** A line of the waterfall: its geometry and its properties, no characters. Times are offsets on the trace's axis. */
export interface Row {
  readonly label: Label;
  readonly spans: readonly PlacedSpan[];
  /** The row that this one hangs below; undefined for the first. */
  readonly parent: Row | undefined;
  /** 0 for the first row. */
  readonly depth: number;
  /** The last of its siblings. */
  readonly isLast: boolean;
  readonly self: Nanos;
  readonly total: Nanos;
  readonly from: Nanos;
  readonly to: Nanos;
  /** Where the row itself spends its time; unless folded, the rest of `from` to `to` is spent in the rows below it. */
  readonly own: readonly Interval[];
  readonly folded: boolean;
  /** Stands for similar siblings, each of which could have its own row. */
  readonly isRepeated?: true;
  /** Stands for fast steps of several kinds. */
  readonly isFastSteps?: true;
  readonly inferred: boolean;
  /** How well the times of a row from metrics are known; undefined for other rows. */
  readonly precision: Precision | undefined;
  /** False where a span of it has not ended: how long it took is not known. */
  readonly ended: boolean;
  readonly failed: boolean;
  readonly onCriticalPath: boolean;
  /** One of the reported findings is about it. */
  readonly found: boolean;
  /** Beside the axis: so far after everything on it, or before, that nothing of the rest would be visible. */
  readonly beyond?: 'before' | 'after';
}

export interface Waterfall {
  readonly rows: readonly Row[];
  /** The axis: from the earliest start to the latest end of what is drawn, but for rows that are far from the others. */
  readonly from: Nanos;
  readonly to: Nanos;
}

type RowPosition = Pick<Row, 'parent' | 'depth' | 'isLast'>;

/** Lays rows out on one axis, depth first. Linear and iterative. */
export function waterfall(root: RowNode, analysis: Analysis): Waterfall {
  const rows: Row[] = [];
  const { root: top, duration } = analysis.trace;
  let core: Stretch = { from: top.offset, to: top.offset + duration };
  const found = new Set(displayedFindings(analysis.findings).map(({ spans: [span] }) => span));
  const stack: { readonly node: RowNode; readonly position: RowPosition }[] = [
    { node: root, position: { parent: undefined, depth: 0, isLast: true } },
  ];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const row = layOut(next.node, next.position, analysis, found);
    rows.push(row);
    if (row.spans[0]?.source !== 'span' && !isEarlier(row, top)) {
      core = { from: Math.min(core.from, row.from), to: Math.max(core.to, row.to) };
    }
    const { children } = next.node;
    for (let i = children.length - 1; i >= 0; i--) {
      const position = { parent: row, depth: row.depth + 1, isLast: i === children.length - 1 };
      stack.push({ node: children[i] as RowNode, position });
    }
  }
  // Work of the client before the command is drawn beside the axis.
  const extent = extentOf(
    core,
    rows.filter((row) => !isEarlier(row, top)),
  );
  return { rows: withBeyond(rows, extent), from: nanos(extent.from), to: nanos(extent.to) };
}

const isEarlier = ({ spans: [first], to }: Row, { offset }: PlacedSpan): boolean =>
  first?.source === 'client' && to <= offset && first.depth > 0;

/** The rows themselves where none is beside the axis. */
function withBeyond(rows: readonly Row[], extent: Stretch): readonly Row[] {
  if (rows.every((row) => sideOf(row, extent) === undefined)) return rows;
  const made = new Map<Row, Row>();
  return rows.map((row) => {
    const beyond = sideOf(row, extent);
    const parent = row.parent === undefined ? undefined : made.get(row.parent);
    const drawn: Row = { ...row, parent, ...(beyond !== undefined && { beyond }) };
    made.set(row, drawn);
    return drawn;
  });
}

function layOut(node: RowNode, position: RowPosition, analysis: Analysis, found: ReadonlySet<PlacedSpan>): Row {
  const { spans, folded = false, repeated, steps } = node;
  if (steps !== undefined) return layOutSteps(node, steps, position, analysis);
  const first = spans[0] as PlacedSpan;
  const own = intervalsOf(node);
  const selfOf = (some: readonly PlacedSpan[]): number =>
    some.reduce((sum, span) => sum + (analysis.self[span.index] ?? 0), 0);
  const self = nanos(selfOf(spans) + selfOf(repeated?.below ?? []));
  const total = repeated === undefined ? self : spans.reduce((sum, span) => sum + span.duration, 0);
  return {
    label: node.label,
    spans,
    ...position,
    self,
    total: folded ? nanos(total) : first.duration,
    from: folded ? (own[0]?.from ?? first.offset) : first.offset,
    to: folded ? lastEnd(own, first.offset) : nanos(first.offset + first.duration),
    own,
    folded,
    ...(repeated !== undefined && { isRepeated: true }),
    inferred: spans.every((span) => span.inferred),
    precision: first.precision,
    ended: spans.every((span) => span.ended),
    failed: spans.some(({ span }) => hasFailed(span)),
    onCriticalPath: spans.some((span) => analysis.onCriticalPath.has(span.index)),
    found: spans.some((span) => found.has(span)),
  };
}

/** A row of fast steps: the time of all of them, each drawn where it was. */
function layOutSteps(
  { label, spans }: RowNode,
  steps: readonly RowNode[],
  position: RowPosition,
  analysis: Analysis,
): Row {
  const rows = steps.map((step) => layOut(step, position, analysis, new Set()));
  const own = rows.flatMap((row) => (row.folded ? row.own : [{ from: row.from, to: row.to }])).sort(byStart);
  const from = own[0]?.from ?? nanos(0);
  return {
    label,
    spans,
    ...position,
    self: selfBelow(steps, analysis),
    total: nanos(rows.reduce((sum, { total }) => sum + total, 0)),
    from,
    to: lastEnd(own, from),
    own,
    folded: true,
    isFastSteps: true,
    inferred: rows.every(({ inferred }) => inferred),
    precision: undefined,
    ended: true,
    failed: false,
    onCriticalPath: rows.some(({ onCriticalPath }) => onCriticalPath),
    found: false,
  };
}

/** The own time of everything in some subtrees. */
function selfBelow(steps: readonly RowNode[], { self }: Analysis): Nanos {
  let sum = 0;
  const stack = [...steps];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const { index } of node.spans) sum += self[index] ?? 0;
    for (const { index } of node.repeated?.below ?? []) sum += self[index] ?? 0;
    for (const child of node.children) stack.push(child);
  }
  return nanos(sum);
}

/** Intervals drawn as a row's own: all of repeated spans, because nothing below them has a row. */
function intervalsOf({ spans, repeated }: RowNode): Interval[] {
  if (repeated !== undefined) {
    return spans.map((span) => ({ from: span.offset, to: nanos(span.offset + span.duration) }));
  }
  const [first] = spans;
  if (spans.length === 1) return ownIntervals(first as PlacedSpan);
  return spans.flatMap((span) => ownIntervals(span)).sort(byStart);
}

/** Intervals of concurrent spans are sorted by start; the last need not end last. */
const lastEnd = (intervals: readonly Interval[], start: Nanos): Nanos =>
  intervals.reduce((end, { to }) => (to > end ? to : end), start);

const byStart = (a: Interval, b: Interval): number => a.from - b.from;
