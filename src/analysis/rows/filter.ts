import type { Nanos } from '../../trace/time.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import { hasFailed } from '../attributes.ts';
import { withChildren, type RowNode } from './row-node.ts';

/** Which rows are drawn. A row must meet everything that is given. */
export interface RowFilter {
  /** The most levels below the first row. */
  readonly depth?: number;
  readonly minDuration?: Nanos;
  /** Any of these. */
  readonly services?: readonly string[];
  readonly errors?: boolean;
  readonly noInferred?: boolean;
  /** Fast rows as well, which are folded otherwise. */
  readonly full?: boolean;
  /** Spans that keep a separate row, whatever is folded. */
  readonly opened?: readonly PlacedSpan[];
  /** Repeated rows as well, which are folded otherwise. */
  readonly unfolded?: boolean;
}

export interface FilteredRows {
  readonly root: RowNode;
  /** How many rows are not in it. */
  readonly leftOut: number;
}

/** Rows that meet a filter, with their ancestors, so that the tree stays connected. The first row stays always. Iterative. */
export function filterRows(root: RowNode, filter: RowFilter): FilteredRows {
  return keepRows(root, listRows(root), (row) => meets(row, filter));
}

/**
 * At most `limit` rows and their ancestors: the longest, the first of those with the same time, and those that hold a
 * span of `required`. A person reads no more than a few thousand.
 */
export function longestRows(root: RowNode, limit: number, required: ReadonlySet<PlacedSpan>): FilteredRows {
  const rows = listRows(root);
  if (rows.length <= limit) return { root, leftOut: 0 };
  const durations = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) durations[i] = durationOf((rows[i] as ListedRow).node);
  // Without a function to compare them by, numbers are sorted in no time.
  const sorted = durations.toSorted();
  const shortest = sorted.at(-limit) as number;
  let left = limit - (sorted.length - 1 - sorted.lastIndexOf(shortest));
  return keepRows(root, rows, ({ node }, index) => {
    const duration = durations[index] as number;
    if (duration > shortest || (required.size > 0 && node.spans.some((span) => required.has(span)))) return true;
    return duration === shortest && left-- > 0;
  });
}

interface ListedRow {
  readonly node: RowNode;
  /** Index of the parent in the list. */
  readonly parent: number;
  readonly level: number;
}

/** Parents before their children. */
function listRows(root: RowNode): readonly ListedRow[] {
  const rows: ListedRow[] = [{ node: root, parent: -1, level: 0 }];
  for (let index = 0; index < rows.length; index++) {
    const { node, level } = rows[index] as ListedRow;
    for (const child of node.children) rows.push({ node: child, parent: index, level: level + 1 });
  }
  return rows;
}

function keepRows(
  root: RowNode,
  rows: readonly ListedRow[],
  isWanted: (row: ListedRow, index: number) => boolean,
): FilteredRows {
  const wanted = rows.map((row, index) => index === 0 || isWanted(row, index));
  for (let index = rows.length - 1; index > 0; index--) {
    if (wanted[index] === true) wanted[(rows[index] as ListedRow).parent] = true;
  }
  const children = new Map<RowNode, RowNode[]>();
  const made: RowNode[] = [];
  let leftOut = 0;
  for (let index = 0; index < rows.length; index++) {
    if (wanted[index] !== true) {
      leftOut++;
      continue;
    }
    const { node, parent } = rows[index] as ListedRow;
    const own: RowNode[] = [];
    const copy = withChildren(node, own);
    children.set(copy, own);
    made[index] = copy;
    if (parent >= 0) children.get(made[parent] as RowNode)?.push(copy);
  }
  return leftOut === 0 ? { root, leftOut } : { root: made[0] as RowNode, leftOut };
}

const durationOf = ({ spans }: RowNode): number => spans[0]?.duration ?? 0;

function meets({ node: { spans }, level }: ListedRow, filter: RowFilter): boolean {
  const { depth, minDuration, services, errors, noInferred } = filter;
  if (depth !== undefined && level > depth) return false;
  return spans.some(
    (placed) =>
      (minDuration === undefined || placed.duration >= minDuration) &&
      (services === undefined || services.includes(placed.span.resource.service)) &&
      (errors !== true || hasFailed(placed.span)) &&
      (noInferred !== true || !placed.inferred),
  );
}
