import { counted } from '../../format/counted.ts';
import type { Nanos } from '../../trace/time.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import { withChildren, type RowNode } from './row-node.ts';

/** Rows below this share of the whole are fast. */
const FAST = 0.01;
/** Rows that a person reads at once: a terminal has 24 lines, and a screen also has its headline. */
const MAX_ROWS = 28;

interface Listed {
  readonly node: RowNode;
  /** Index of the parent; -1 for the first row. */
  readonly parent: number;
  /** The time of the longest row in the subtree; Infinity where a row of it has to be drawn. */
  longest: number;
  /** Rows in the subtree, this one included. */
  rows: number;
}

/**
 * Folds the fast rows below each row into one, after the others:
 *
 *     POST configmaps  378 ms                POST configmaps  378 ms
 *     ├─ filters  408 µs                     ├─ webhook  353 ms
 *     ├─ webhook  353 ms              →      └─ … 3 fast steps  2.21 ms
 *     └─ Create etcd3  1.80 ms
 *        └─ KV/Txn  1.50 ms
 *
 * A row is fast where nothing in its subtree takes 1 % of `whole`, or is of `required`. Where more rows than a person
 * reads are left, the shortest of them count as fast as well. Iterative; n log n in the number of rows.
 */
export function foldFastSteps(root: RowNode, whole: Nanos, required: ReadonlySet<PlacedSpan>): RowNode {
  const rows = listRows(root, required);
  const threshold = thresholdOf(rows, whole * FAST);
  const isFast = (index: number): boolean => (rows[index] as Listed).longest < threshold;
  const children = new Map<RowNode, RowNode[]>();
  const fast = new Map<RowNode, Listed[]>();
  let isChanged = false;
  // Parents come before their children, so that the children of a fast row are never reached.
  const made: (RowNode | undefined)[] = [];
  for (const [index, { node, parent }] of rows.entries()) {
    const above = parent < 0 ? undefined : made[parent];
    if (index > 0 && above === undefined) continue;
    if (index > 0 && isFast(index)) {
      fast.get(above as RowNode)?.push(rows[index] as Listed);
      continue;
    }
    const own: RowNode[] = [];
    const copy = withChildren(node, own);
    children.set(copy, own);
    fast.set(copy, []);
    made[index] = copy;
    if (above !== undefined) children.get(above)?.push(copy);
  }
  for (const [node, steps] of fast) {
    if (steps.length === 0) continue;
    const folded = foldSteps(steps);
    isChanged ||= folded.length < steps.length || steps.some((step) => step.rows > 1);
    for (const step of folded) children.get(node)?.push(step);
  }
  return isChanged ? (made[0] as RowNode) : root;
}

/** One row alone is drawn as it is. */
function foldSteps(steps: readonly Listed[]): readonly RowNode[] {
  const count = steps.reduce((sum, { rows }) => sum + rows, 0);
  const nodes = steps.map(({ node }) => node);
  if (count === 1) return nodes;
  const label = `… ${counted(count, 'fast step')}`;
  return [
    { label: [label], brief: label, spans: nodes.flatMap(({ spans }) => [...spans]), children: [], steps: nodes },
  ];
}

function listRows(root: RowNode, required: ReadonlySet<PlacedSpan>): readonly Listed[] {
  const rows: Listed[] = [{ node: root, parent: -1, longest: 0, rows: 1 }];
  for (let index = 0; index < rows.length; index++) {
    for (const node of (rows[index] as Listed).node.children) rows.push({ node, parent: index, longest: 0, rows: 1 });
  }
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index] as Listed;
    const isRequired = row.node.spans.some((span) => required.has(span) || !span.ended);
    row.longest = isRequired ? Infinity : Math.max(row.longest, timeOf(row.node));
    const above = rows[row.parent];
    if (above === undefined) continue;
    above.longest = Math.max(above.longest, row.longest);
    above.rows += row.rows;
  }
  return rows;
}

/** The sum of a row that stands for several spans, which is not below what is drawn. */
const timeOf = ({ spans, folded }: RowNode): number =>
  folded === true ? spans.reduce((sum, { duration }) => sum + duration, 0) : (spans[0]?.duration ?? 0);

/** The smallest threshold, `least` or more, that leaves few enough rows; those that have to be drawn stay. */
function thresholdOf(rows: readonly Listed[], least: number): number {
  const times = Float64Array.from(rows, ({ longest }) => longest)
    .toSorted()
    .filter((time) => time >= least && time < Infinity);
  const drawnAt = (threshold: number): number => {
    const parents = new Set<number>();
    let drawn = 0;
    for (const { longest, parent } of rows) {
      if (longest >= threshold) drawn++;
      else if ((rows[parent]?.longest ?? Infinity) >= threshold) parents.add(parent);
    }
    return drawn + parents.size;
  };
  if (drawnAt(least) <= MAX_ROWS) return least;
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    // Above the time itself, so that rows of the same time share their fate.
    if (drawnAt(above(times[middle] as number)) <= MAX_ROWS) high = middle;
    else low = middle + 1;
  }
  return low < times.length ? above(times[low] as number) : Infinity;
}

/** Times differ by a whole nanosecond at least. */
const above = (time: number): number => time + 0.5;
