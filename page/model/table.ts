import type { Analysis } from '../../src/analysis/analyse.ts';
import type { Row } from '../../src/analysis/rows/waterfall.ts';

/** The columns of the table of rows, and what each is sorted by. */
export const COLUMNS = ['name', 'component', 'start', 'self', 'total'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Order {
  readonly column: Column;
  readonly isDescending: boolean;
}

/** Times begin with the longest, names with the first. */
export const firstOrder = (column: Column): Order => ({
  column,
  isDescending: column === 'self' || column === 'total',
});

/** The rows in an order; those that are alike stay in the order of the tree. */
export function sortedRows(rows: readonly Row[], { column, isDescending }: Order, analysis: Analysis): Row[] {
  const sign = isDescending ? -1 : 1;
  if (column === 'name' || column === 'component') {
    const texts = new Map(rows.map((row) => [row, column === 'name' ? row.label[0] : componentOf(row, analysis)]));
    return rows.toSorted((one, other) => sign * compare(texts.get(one) ?? '', texts.get(other) ?? ''));
  }
  const valueOf = (row: Row): number => (column === 'start' ? row.from : row[column]);
  return rows.toSorted((one, other) => sign * (valueOf(one) - valueOf(other)));
}

export const componentOf = ({ spans }: Row, { component }: Analysis): string =>
  component[spans[0]?.index ?? 0] ?? 'other';

/** By character codes: a hundred thousand names take too long by the rules of a language. */
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
