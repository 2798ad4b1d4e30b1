import type { RowFilter } from '../../src/analysis/rows/filter.ts';
import { RowKeys } from '../../src/analysis/rows/row-keys.ts';
import type { Row } from '../../src/analysis/rows/waterfall.ts';
import { nanos } from '../../src/trace/time.ts';
import type { Picture } from './picture.ts';

/** A row of two traces, which at least one of them has. */
export interface RowPair {
  readonly shown: Row | undefined;
  readonly compared: Row | undefined;
  /** Depth of the shown row, or of the compared row where only that one exists. */
  readonly depth: number;
  /** How much longer the row took in the shown trace; all of it where the other has none. Undefined where a time is not known. */
  readonly delta: number | undefined;
  /** The same difference, of the rows' self time. */
  readonly ownDelta: number | undefined;
  /** Share of the compared trace's time; undefined where that is nothing, or not known. */
  readonly share: number | undefined;
}

/** Every row, also fast ones, and whatever was chosen for the waterfall: both traces have to be drawn by the same rules. */
const ALL_ROWS: RowFilter = { full: true, minDuration: nanos(0) };

export const comparePictures = (shown: Picture, compared: Picture): RowPair[] =>
  compareRows(shown.rows(ALL_ROWS).waterfall.rows, compared.rows(ALL_ROWS).waterfall.rows);

/** Each row of both traces once, in the order of the tree: below a row those of the shown trace, then those that only the other has. */
export function compareRows(shown: readonly Row[], compared: readonly Row[]): RowPair[] {
  const keys = new RowKeys();
  const before = keys.of(compared);
  const after = keys.of(shown);
  const nodes = new Map<Row, PairNode>();
  const top: PairNode[] = [];
  const place = (node: PairNode, row: Row): void => {
    nodes.set(row, node);
    const above = row.parent === undefined ? undefined : nodes.get(row.parent);
    (above?.children ?? top).push(node);
  };
  for (const [key, row] of after) {
    const other = before.get(key);
    const node = { pair: pairOf(row, other), children: [] };
    place(node, row);
    if (other !== undefined) nodes.set(other, node);
  }
  for (const [key, row] of before) if (!after.has(key)) place({ pair: pairOf(undefined, row), children: [] }, row);
  return inOrder(top);
}

interface PairNode {
  readonly pair: RowPair;
  readonly children: PairNode[];
}

/** Depth first, and iterative: traces may be deeper than the stack. */
function inOrder(top: readonly PairNode[]): RowPair[] {
  const pairs: RowPair[] = [];
  const stack = top.toReversed();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    pairs.push(node.pair);
    for (let index = node.children.length - 1; index >= 0; index--) stack.push(node.children[index] as PairNode);
  }
  return pairs;
}

function pairOf(shown: Row | undefined, compared: Row | undefined): RowPair {
  const isKnown = isExact(shown) && isExact(compared);
  const delta = isKnown ? (shown?.total ?? 0) - (compared?.total ?? 0) : undefined;
  const base = compared?.total ?? 0;
  return {
    shown,
    compared,
    depth: (shown ?? compared)?.depth ?? 0,
    delta,
    ownDelta: isKnown ? (shown?.self ?? 0) - (compared?.self ?? 0) : undefined,
    share: delta === undefined || base === 0 ? undefined : delta / base,
  };
}

/** A span without an end has no duration, and two upper bounds have no difference. */
const isExact = (row: Row | undefined): boolean => row === undefined || (row.ended && row.precision !== 'at-most');

export const PAIR_COLUMNS = ['name', 'compared', 'shown', 'delta', 'share', 'ownDelta'] as const;
export type PairColumn = (typeof PAIR_COLUMNS)[number];

export interface PairOrder {
  readonly column: PairColumn;
  readonly isDescending: boolean;
}

/** The largest first, and names in the order of the tree. */
export const firstPairOrder = (column: PairColumn): PairOrder => ({ column, isDescending: column !== 'name' });

/** The pairs in an order; what has no value comes last, and equal ones stay in the order of the tree. */
export function sortedPairs(pairs: readonly RowPair[], { column, isDescending }: PairOrder): readonly RowPair[] {
  if (column === 'name') return isDescending ? pairs.toReversed() : pairs;
  const sign = isDescending ? -1 : 1;
  const none = sign * Infinity;
  return pairs.toSorted((one, other) => {
    const [first, second] = [valueOf(one, column) ?? none, valueOf(other, column) ?? none];
    return first === second ? 0 : sign * (first - second);
  });
}

function valueOf(pair: RowPair, column: Exclude<PairColumn, 'name'>): number | undefined {
  if (column !== 'shown' && column !== 'compared') return pair[column];
  const row = pair[column];
  return row?.ended === true ? row.total : undefined;
}
