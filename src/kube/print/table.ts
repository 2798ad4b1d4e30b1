import { isObject, textOf } from '../json.ts';
import { valueText } from './value-text.ts';

/** A column of the server's table (meta.k8s.io Table). */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  /** Above 0: only in wide tables. */
  readonly priority: number;
}

export interface TableRow {
  readonly cells: readonly unknown[];
  /** Namespace of the row's object; null without its metadata. */
  readonly namespace: string | null;
}

export interface Table {
  /** Empty in all tables of a watch but the first. */
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

/** Undefined for a response that is no table: servers of extension APIs need not make one. */
export function readTable(document: Readonly<Record<string, unknown>>): Table | undefined {
  const { kind, apiVersion, columnDefinitions, rows } = document;
  if (kind !== 'Table' || !/^meta\.k8s\.io\/v1(beta1)?$/.test(textOf(apiVersion))) return undefined;
  return {
    columns: objects(columnDefinitions).map(({ name, type, format, priority }) => ({
      name: textOf(name),
      type: textOf(type),
      format: textOf(format),
      priority: typeof priority === 'number' ? priority : 0,
    })),
    rows: objects(rows).map(({ cells, object }) => ({
      cells: Array.isArray(cells) ? cells : [],
      namespace: namespaceOf(object),
    })),
  };
}

function namespaceOf(object: unknown): string | null {
  const metadata = isObject(object) ? object['metadata'] : undefined;
  if (!isObject(metadata)) return null;
  return typeof metadata['namespace'] === 'string' ? metadata['namespace'] : '';
}

const objects = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** How the rows are shown. */
export interface TableOptions {
  readonly wide: boolean;
  readonly headers: boolean;
}

/**
 * The lines of a table, cells separated by tabs (cli-runtime pkg/printers/tableprinter.go, printTable). `flush` is to be
 * called between the groups: every hundred rows kubectl prints what it has, and so that columns stay in place, its first
 * line is as wide as the widest cell to come, counted in bytes.
 */
export function tableLines(table: Table, { wide, headers }: TableOptions): string[][] {
  if (table.rows.length === 0) return [];
  const shown = [...table.columns.keys()].filter((index) => wide || table.columns[index]!.priority === 0);
  const lines = table.rows.map(({ cells }) =>
    shown.filter((index) => index < cells.length).map((index) => cells[index]),
  );
  const widest = shown.map((_, place) => lines.reduce((most, cells) => Math.max(most, bytes(cells[place])), 0));
  const pad = (text: string, length: number, place: number, of: number): string =>
    place === of - 1 ? text : text + ' '.repeat(Math.max(0, widest[place]! - length));
  const texts = lines.map((cells) => cells.map(cellText));
  const groups: string[][] = [];
  let group: string[] = [];
  if (headers) {
    const names = shown.map((index) => table.columns[index]!.name.toUpperCase());
    group.push(names.map((name, place) => pad(name, Buffer.byteLength(name), place, names.length)).join('\t'));
  } else {
    texts[0] = texts[0]!.map((text, place) => pad(text, bytes(lines[0]![place]), place, shown.length));
  }
  for (const [index, cells] of texts.entries()) {
    group.push(cells.join('\t'));
    if ((index + 1) % FLUSH_ROWS !== 0) continue;
    groups.push(group);
    group = [];
  }
  return [...groups, group];
}

const FLUSH_ROWS = 100;

const bytes = (cell: unknown): number => (cell == null ? 0 : Buffer.byteLength(valueText(cell)));

/** Only the first line of a text, and nothing that a terminal would act on (pkg/printers/terminal.go). */
function cellText(cell: unknown): string {
  if (cell == null) return '';
  const text = valueText(cell);
  const end = text.search(/[\f\n\r]/);
  const first = end === -1 ? text : `${text.slice(0, end)}...`;
  return first.replaceAll('\u001B', '^[');
}
