import type { Row } from '../../src/analysis/rows/waterfall.ts';
import type { PlacedSpan } from '../../src/trace/trace.ts';

/** A row on the screen. */
export interface VisibleRow {
  readonly row: Row;
  readonly key: string;
  /** Undefined without rows below it. */
  readonly isExpanded: boolean | undefined;
  /** It stands for several rows, which can be drawn instead. */
  readonly isFold: boolean;
}

/** A row's name as long as the page is open: every span is in one row, and a folded row begins with its first. */
export function rowKey({ spans, folded, isFastSteps }: Row): string {
  const kind = isFastSteps === true ? 'steps' : folded ? 'fold' : 'span';
  return `${kind}-${spans[0]?.index ?? 0}`;
}

/** Not of a row such as "12 admission plug-ins": its spans have no rows of their own, in no view. */
export const isFold = ({ isRepeated, isFastSteps }: Row): boolean => isFastSteps === true || isRepeated === true;

/** Whether a row is shown because of what is in it or below it; undefined shows all. */
export type Wanted = ((row: Row) => boolean) | undefined;

/**
 * The rows that are not below a collapsed one; with `wanted`, only those that meet it and their ancestors. Rows come depth
 * first, so that a row's descendants follow it. Linear, and iterative.
 */
export function visibleRows(rows: readonly Row[], collapsed: ReadonlySet<string>, wanted?: Wanted): VisibleRow[] {
  const keeps = wanted === undefined ? undefined : withAncestors(rows, wanted);
  const visible: VisibleRow[] = [];
  let hiddenBelow = Infinity;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as Row;
    if (row.depth > hiddenBelow) continue;
    hiddenBelow = Infinity;
    if (keeps !== undefined && keeps[index] === 0) continue;
    const key = rowKey(row);
    const hasChildren = (rows[index + 1]?.depth ?? 0) > row.depth;
    const isCollapsed = hasChildren && collapsed.has(key);
    if (isCollapsed) hiddenBelow = row.depth;
    visible.push({ row, key, isExpanded: hasChildren ? !isCollapsed : undefined, isFold: isFold(row) });
  }
  return visible;
}

function withAncestors(rows: readonly Row[], wanted: (row: Row) => boolean): Uint8Array {
  const keeps = new Uint8Array(rows.length);
  // From the last to the first: the depth at which an ancestor of a wanted row is still to come.
  let pending = -1;
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index] as Row;
    if (!wanted(row) && row.depth !== pending) continue;
    keeps[index] = 1;
    pending = row.depth - 1;
  }
  return keeps;
}

/** The rows above a row, the nearest first. */
export function ancestorKeys(row: Row): string[] {
  const keys: string[] = [];
  for (let above = row.parent; above !== undefined; above = above.parent) keys.push(rowKey(above));
  return keys;
}

/** The row that shows a span; of merged rows the one that it is merged into. */
export function rowOfSpan(rows: readonly Row[], span: PlacedSpan): Row | undefined {
  return rows.find(({ spans }) => spans.includes(span));
}
