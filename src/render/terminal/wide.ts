import type { Row, Waterfall } from '../../analysis/rows/waterfall.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import type { Look } from '../look.ts';
import type { Report } from '../../report/report.ts';
import { drawScreen } from './screen.ts';
import { drawTree, type DrawnTree } from './tree.ts';
import { padEnd, truncate, widthOf, type MeasureText } from './width.ts';

/** The screen of `tree`, with what identifies each row before it: `kubectl trace … -o wide`. */
export const drawWideScreen = (report: Report, look: Look, measure: MeasureText): string =>
  drawScreen(report, look, measure, drawWideRows);

interface Column {
  readonly title: string;
  readonly cells: readonly string[];
  /** At the right edge of the column. */
  readonly isNumber?: true;
}

const GAP = '  ';
/** The tree has at least this many columns; the other columns are shown as far as they fit beside it. */
const TREE = 56;
const MAX_CELL_WIDTH = 20;

function drawWideRows(fall: Waterfall, look: Look, measure: MeasureText): DrawnTree {
  const columns: { readonly column: Column; readonly width: number }[] = [];
  let left = look.columns - TREE;
  for (const column of columnsOf(fall, look, measure)) {
    const width = [column.title, ...column.cells].reduce((most, cell) => Math.max(most, widthOf(cell, measure)), 0);
    if (width + GAP.length > left) break;
    left -= width + GAP.length;
    columns.push({ column, width });
  }
  const used = columns.reduce((sum, { width }) => sum + width + GAP.length, 0);
  const tree = drawTree(fall, { ...look, columns: look.columns - used }, measure);
  const before = (line: number): string =>
    columns
      .map(({ column: { title, cells, isNumber }, width }) => {
        const cell = line === 0 ? title : (cells[line - 1] ?? '');
        return (isNumber ? cell.padStart(width) : padEnd(cell, width, measure)) + GAP;
      })
      .join('');
  return { legend: tree.legend, lines: tree.lines.map((text, line) => (before(line) + text).trimEnd()) };
}

/** The most useful first. */
function columnsOf({ rows }: Waterfall, look: Look, measure: MeasureText): Column[] {
  const { text, ellipsis } = look.glyphs;
  const cell = (value: string): string => truncate(text(value), MAX_CELL_WIDTH, ellipsis, measure);
  const cells = (of: (row: Row) => string): string[] => rows.map((row) => cell(of(row)));
  return [
    { title: 'span ID', cells: cells(({ spans: [first] }) => first?.spanID ?? '') },
    { title: 'start', isNumber: true, cells: cells(({ from }) => offsetText(from)) },
    { title: 'kind', cells: cells(({ spans: [first] }) => first?.span.kind ?? '') },
    { title: 'service', cells: cells(({ spans: [first] }) => first?.span.resource.service ?? '') },
  ];
}

/** `+1.84 ms`, `-12 µs`: on the trace's axis. */
function offsetText(offset: number): string {
  return offset < 0 ? `-${formatDuration(-offset)}` : `+${formatDuration(offset)}`;
}
