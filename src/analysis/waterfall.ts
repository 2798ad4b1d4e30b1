import { nanos, type Nanos } from '../trace/time.ts';
import type { PlacedSpan } from '../trace/trace.ts';
import type { Analysis } from './analyse.ts';
import { ownIntervals, type Interval } from './self-time.ts';

/** What a row is called, from the most telling to the shortest wording; a renderer takes the first that fits. */
export type Label = readonly [string, ...string[]];

/** A line of the tree before it is laid out: one span, or several that are told as one. */
export interface RowNode {
  readonly label: Label;
  /** Never empty; the first one gives the row its place. */
  readonly spans: readonly PlacedSpan[];
  readonly children: readonly RowNode[];
  /** The row is told by the spans' own time alone: what they cover beyond it is told by other rows. */
  readonly folded?: boolean;
}

/** A line of the waterfall: geometry and facts, no characters. Times are offsets on the trace's axis. */
export interface Row {
  readonly label: Label;
  readonly spans: readonly PlacedSpan[];
  /** For each level from the root's children down to this row: is it the last of its siblings? Empty for the root. */
  readonly isLast: readonly boolean[];
  readonly self: Nanos;
  readonly total: Nanos;
  readonly from: Nanos;
  readonly to: Nanos;
  /** Where the row itself spends its time; unless folded, the rest of `from` to `to` is spent in the rows below it. */
  readonly own: readonly Interval[];
  readonly folded: boolean;
  readonly inferred: boolean;
  readonly failed: boolean;
  readonly onCriticalPath: boolean;
}

export interface Waterfall {
  readonly rows: readonly Row[];
  /** The axis: from the earliest start to the latest end of what is drawn. */
  readonly from: Nanos;
  readonly to: Nanos;
}

/** Lays rows out on one axis, depth first; iterative. */
export function waterfall(root: RowNode, analysis: Analysis): Waterfall {
  const rows: Row[] = [];
  let from = analysis.trace.root.offset as number;
  let to = from + analysis.trace.duration;
  const stack: { readonly node: RowNode; readonly isLast: readonly boolean[] }[] = [{ node: root, isLast: [] }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const row = layOut(top.node, top.isLast, analysis);
    rows.push(row);
    from = Math.min(from, row.from);
    to = Math.max(to, row.to);
    const { children } = top.node;
    for (let i = children.length - 1; i >= 0; i--) {
      stack.push({ node: children[i] as RowNode, isLast: [...top.isLast, i === children.length - 1] });
    }
  }
  return { rows, from: nanos(from), to: nanos(to) };
}

function layOut(node: RowNode, isLast: readonly boolean[], analysis: Analysis): Row {
  const own = node.spans.flatMap(ownIntervals).sort((a, b) => a.from - b.from);
  const self = node.spans.reduce((sum, span) => sum + (analysis.self[span.index] ?? 0), 0);
  const first = node.spans[0] as PlacedSpan;
  const folded = node.folded ?? false;
  const from = folded ? (own[0]?.from ?? first.offset) : first.offset;
  const to = folded ? (own.at(-1)?.to ?? first.offset) : first.offset + first.duration;
  return {
    label: node.label,
    spans: node.spans,
    isLast,
    self: nanos(self),
    total: nanos(folded ? self : first.duration),
    from: nanos(from),
    to: nanos(to),
    own,
    folded,
    inferred: node.spans.every((span) => span.inferred),
    failed: node.spans.some((span) => span.span.status.code === 'error'),
    onCriticalPath: node.spans.some((span) => analysis.onCriticalPath.has(span.index)),
  };
}
