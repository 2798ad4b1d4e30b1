import type { Row } from './waterfall.ts';

/**
 * Finds the same rows in several traces. Two rows are the same when they and those above them have the same spans, counted
 * among their siblings of that name; the first row of each trace is the same one. Keys are numbers, so that the keys of a deep
 * tree are no longer than those of a flat one.
 */
export class RowKeys {
  readonly #numbers = new Map<string, number>();

  /** The rows of one trace by their keys, in their order. Each row has its own key. Linear. */
  of(rows: readonly Row[]): ReadonlyMap<number, Row> {
    const keys = new Map<Row, number>();
    const counts = new Map<string, number>();
    const keyed = new Map<number, Row>();
    for (const row of rows) {
      const above = row.parent === undefined ? undefined : keys.get(row.parent);
      const siblings = above === undefined ? 'first' : `${above} ${nameOf(row)}`;
      const count = (counts.get(siblings) ?? 0) + 1;
      counts.set(siblings, count);
      const key = this.#numberOf(`${count} ${siblings}`);
      keys.set(row, key);
      keyed.set(key, row);
    }
    return keyed;
  }

  #numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }
}

function nameOf(row: Row): string {
  if (row.isFastSteps === true) return row.label[0];
  const [first] = row.spans;
  if (first === undefined) return '';
  const { source, span } = first;
  return source === 'client' || source === 'gap' ? withoutValues(span.name) : span.name;
}

/** Our own measurements have times and sizes in their names: `connect: TCP 210 µs, TLS 4.94 ms` is the row `connect`. */
const withoutValues = (name: string): string =>
  name
    .replaceAll(/(?:\b[A-Z]{3} )?\b\d[\d.]*(?: ?[^\s,]+)?/g, '')
    .replaceAll(/[:,]/g, '')
    .trim();
