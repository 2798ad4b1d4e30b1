import type { Clock } from '../../runtime.ts';
import { isObject, textOf } from '../json.ts';
import { ageText } from '../../format/age.ts';
import type { TabWriter } from './tab-writer.ts';
import { valueText } from './value-text.ts';
import { readTable, tableLines, type Table, type TableColumn } from './table.ts';

/** Which columns and prefixes a type's objects are shown with. */
export interface HumanOptions {
  readonly wide: boolean;
  /** A column for it: several namespaces are shown. */
  readonly withNamespace: boolean;
  /** `deployment.apps`: what stands before each name; null where only one type is shown. */
  readonly kind: string | null;
}

const column = (name: string): TableColumn => ({ name, type: 'string', format: '', priority: 0 });

/**
 * Prints objects of one type in columns, as kubectl's HumanReadablePrinter does: the server's tables, else name and age.
 * Headers come again only when the columns change.
 */
export class HumanPrinter {
  readonly #options: HumanOptions;
  readonly #writer: TabWriter;
  readonly #clock: Clock;
  #columns: readonly TableColumn[] = [];
  #hasHeaders = false;
  #hasPlainHeaders = false;

  constructor(options: HumanOptions, writer: TabWriter, clock: Clock) {
    this.#options = options;
    this.#writer = writer;
    this.#clock = clock;
  }

  print(document: Readonly<Record<string, unknown>>): void {
    const table = readTable(document);
    if (table === undefined) this.#printPlain(document);
    else this.#printTable(table);
  }

  /** Learns the columns of a table whose rows are not to be shown. */
  skip(document: Readonly<Record<string, unknown>>): void {
    const table = readTable(document);
    if (table !== undefined) this.#printTable({ ...table, rows: [] });
  }

  #printTable(table: Table): void {
    const same = JSON.stringify(table.columns) === JSON.stringify(this.#columns);
    const headers = !(this.#hasHeaders && (table.columns.length === 0 || same));
    if (table.columns.length > 0 && !same) {
      this.#columns = table.columns;
      this.#hasHeaders = false;
    }
    if (table.rows.length > 0) this.#hasHeaders = true;
    const decorated = decorate({ ...table, columns: this.#columns }, this.#options);
    for (const [index, lines] of tableLines(decorated, { wide: this.#options.wide, headers }).entries()) {
      if (index > 0) this.#writer.flush();
      for (const line of lines) this.#writer.write(line);
    }
  }

  #printPlain(object: Readonly<Record<string, unknown>>): void {
    const { withNamespace, kind } = this.#options;
    const metadata = isObject(object['metadata']) ? object['metadata'] : {};
    const { name, namespace, creationTimestamp } = metadata;
    const cells = (first: string, ...rest: string[]): string => [...(withNamespace ? [first] : []), ...rest].join('\t');
    if (!this.#hasPlainHeaders) this.#writer.write(cells('NAMESPACE', 'NAME', 'AGE'));
    this.#hasPlainHeaders = true;
    const prefix = kind === null ? '' : `${kind}/`;
    this.#writer.write(cells(textOf(namespace), `${prefix}${textOf(name)}`, this.#ageSince(creationTimestamp)));
  }

  #ageSince(timestamp: unknown): string {
    const then = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN;
    return Number.isNaN(then) ? '<unknown>' : ageText((Number(this.#clock.now() / 1_000_000n) - then) / 1000);
  }
}

/** The namespace as an extra column, and the type before each name. */
function decorate(table: Table, { withNamespace, kind }: HumanOptions): Table {
  const named = table.columns.findIndex(({ format, type }) => format === 'name' && type === 'string');
  const rows = table.rows.map(({ cells, namespace }) => {
    const own =
      kind === null ? cells : cells.map((cell, index) => (index === named ? `${kind}/${valueText(cell)}` : cell));
    return { namespace, cells: withNamespace ? [namespace, ...own] : own };
  });
  return { rows, columns: withNamespace ? [column('Namespace'), ...table.columns] : table.columns };
}
