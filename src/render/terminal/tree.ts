import type { Row, Waterfall } from '../../analysis/rows/waterfall.ts';
import { barDrawer } from './bar.ts';
import type { Look } from '../look.ts';
import { paint, type Colour } from './paint.ts';
import { Legend } from './legend.ts';
import {
  GAP,
  headerLine,
  rowCells,
  treeColumns,
  type RowCells,
  type TreeColumns,
  type TreeTimes,
} from './tree-cells.ts';
import { padEnd, type MeasureText } from './width.ts';

export interface DrawnTree {
  /** None wider than the look's columns or with trailing blanks. */
  readonly lines: readonly string[];
  /** Meanings of the signs in them, one phrase each. */
  readonly legend: readonly string[];
}

export function drawTree(
  waterfall: Waterfall,
  look: Look,
  measure: MeasureText,
  times: TreeTimes = 'self and total',
): DrawnTree {
  const columns = treeColumns(waterfall, look, measure, times);
  const drawBar = barDrawer({ from: waterfall.from, to: waterfall.to, cells: columns.bar }, look.glyphs);
  const legend = new Legend(look.glyphs);
  const lines = [headerLine(waterfall, columns, look)];
  for (const row of waterfall.rows) {
    const bar = drawBar(row);
    legend.add(row, bar);
    const cells = drawCells(row, rowCells(row, columns, look, measure), columns, look, measure);
    lines.push((cells + paint(bar, rowColour(row), look)).trimEnd());
  }
  return { lines, legend: legend.phrases() };
}

/** All of a row but its bar, which follows. */
export function drawCells(row: Row, texts: RowCells, columns: TreeColumns, look: Look, measure: MeasureText): string {
  const { prefix, label, self, total } = texts;
  const cells = [
    prefix,
    paint(padEnd(label, columns.label - prefix.length, measure), rowColour(row), look),
    self.padStart(columns.self),
    total.padStart(columns.total),
    GAP,
  ];
  return cells.join('');
}

/** Colour is for what a finding is about, and for what failed. */
export function rowColour({ failed, found }: Row): Colour | undefined {
  if (failed) return 'red';
  return found ? 'yellow' : undefined;
}
