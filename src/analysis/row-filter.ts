import type { Nanos } from '../trace/time.ts';
import { hasFailed } from './attributes.ts';
import type { RowNode } from './waterfall.ts';

/** Which rows are drawn. A row must meet everything that is given. */
export interface RowFilter {
  /** The most levels below the first row. */
  readonly depth?: number;
  readonly minDuration?: Nanos;
  /** Any of these. */
  readonly services?: readonly string[];
  readonly errors?: boolean;
  readonly noInferred?: boolean;
}

export interface FilteredRows {
  readonly root: RowNode;
  /** How many rows are not in it. */
  readonly leftOut: number;
}

interface Kept {
  readonly node: RowNode;
  readonly parent: Kept | undefined;
  readonly level: number;
  readonly children: Kept[];
  wanted: boolean;
}

/** The rows that a filter keeps, with their ancestors, so that the tree stays one; the first row always. Iterative. */
export function filterRows(root: RowNode, filter: RowFilter): FilteredRows {
  const top: Kept = { node: root, parent: undefined, level: 0, children: [], wanted: true };
  const all = [top];
  // Parents come before their children, however the list grows.
  for (const one of all) {
    for (const node of one.node.children) {
      const child: Kept = { node, parent: one, level: one.level + 1, children: [], wanted: false };
      child.wanted = meets(child, filter);
      one.children.push(child);
      all.push(child);
    }
  }
  let leftOut = 0;
  const built = new Map<Kept, RowNode>();
  for (const one of all.toReversed()) {
    if (!one.wanted) {
      leftOut++;
      continue;
    }
    if (one.parent !== undefined) one.parent.wanted = true;
    built.set(one, { ...one.node, children: one.children.flatMap((child) => built.get(child) ?? []) });
  }
  return { root: built.get(top) as RowNode, leftOut };
}

function meets({ node: { spans }, level }: Kept, filter: RowFilter): boolean {
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
