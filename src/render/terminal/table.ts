import Table from 'cli-table3';
import type { Look } from '../look.ts';
import type { TableColumn, TextTable } from '../text-table.ts';
import { truncate, type MeasureText } from './width.ts';

/** No lines between rows and no borders: columns are separated by two blanks, as in kubectl's tables. */
const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A table of texts that are fit for the terminal, as lines without trailing blanks. Colours are left to the caller. */
export function drawTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string[] {
  const table = new Table({
    head: columns.map(({ title }) => title.toUpperCase()),
    colAligns: columns.map(({ align = 'left' }) => align),
    chars: NO_LINES,
    // Its own colours follow whatever the process' standard output is: ours are the look's.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

/** The same, where each line keeps to the look's columns: what does not fit is cut off at the right. */
export const drawFittingTable = (
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  look: Look,
  measure: MeasureText,
): string[] =>
  drawTable(columns, rows).map((line) => truncate(line, look.columns, look.glyphs.ellipsis, measure).trimEnd());

/** A table with what stands below it. */
export const drawTextTable = ({ columns, rows, footer }: TextTable, look: Look, measure: MeasureText): string[] => [
  ...drawFittingTable(columns, rows, look, measure),
  ...(footer === undefined ? [] : [footer]),
];
