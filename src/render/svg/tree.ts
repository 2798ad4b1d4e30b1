import type { Waterfall } from '../../analysis/rows/waterfall.ts';
import type { Look } from '../look.ts';
import { barDrawer } from '../terminal/bar.ts';
import { Legend, type Meaning } from '../terminal/legend.ts';
import { paint } from '../terminal/paint.ts';
import { drawCells } from '../terminal/tree.ts';
import { GAP, headerLine, rowCells, treeColumns, type TreeTimes } from '../terminal/tree-cells.ts';
import { flow } from '../terminal/wrap.ts';
import { barsOf, signSample } from './bars.ts';
import { Branches } from './branches.ts';
import type { Drawing } from './drawing.ts';
import { CELL, LINE, px, xOf, yOf } from './grid.ts';

/** The waterfall as a group of the picture: a terminal's texts and columns, with lines and bars in place of signs. */
export function drawTreeShapes(
  waterfall: Waterfall,
  drawing: Drawing,
  look: Look,
  times: TreeTimes = 'self and total',
): void {
  const { measure } = drawing;
  const columns = treeColumns(waterfall, look, measure, times);
  const axis = { first: columns.label + columns.self + columns.total + GAP.length, count: columns.bar };
  const drawBar = barsOf(waterfall, axis);
  const drawBeyond = barDrawer({ from: waterfall.from, to: waterfall.to, cells: axis.count }, look.glyphs);
  const branches = new Branches();
  const legend = new Legend(look.glyphs);
  drawing.startGroup();
  drawing.addLine(headerLine(waterfall, columns, look));
  drawing.addElements([axisLines(axis, drawing.line, waterfall.rows.length)]);
  for (const row of waterfall.rows) {
    const { line } = drawing;
    const texts = rowCells(row, columns, look, measure);
    const cells = drawCells(row, { ...texts, prefix: branches.add(texts.prefix, line) }, columns, look, measure);
    const { signs, elements } = drawBar(row, line);
    legend.add(row, signs);
    drawing.addLine((row.beyond === undefined ? cells : cells + drawBeyond(row)).trimEnd());
    drawing.addElements(elements);
  }
  drawing.addElements(branches.elements());
  drawLegend(legend, drawing, look);
}

/** Below this width there is no room for the labels of quarters. */
const ROOMY = 40;

/** At the start, the quarters and the end of the axis, below its labels. */
function axisLines(axis: { readonly first: number; readonly count: number }, line: number, lines: number): string {
  const fractions = axis.count >= ROOMY ? [0, 0.25, 0.5, 0.75, 1] : [0, 1];
  const [top, height] = [px(yOf(line) - LINE / 2), px(lines * LINE)];
  const path = fractions.map((fraction) => `M${px(xOf(axis.first) + fraction * axis.count * CELL)} ${top}v${height}`);
  return `<path class="g" d="${path.join('')}"/>`;
}

/** Columns of a sign in the legend. */
const SAMPLE = 3;
const SAMPLES = /([█▒─┄])\1\1/g;
const SAMPLED: ReadonlySet<Meaning['sign']> = new Set(['own', 'below', 'inferred', 'concurrent']);

/** Meanings of the signs, always: a reader of the picture does not have the documentation at hand. */
function drawLegend(legend: Legend, drawing: Drawing, look: Look): void {
  const phrases = legend.meanings().map(({ sign, words }) => {
    if (sign === undefined) return words;
    return `${look.glyphs[sign].repeat(SAMPLED.has(sign) ? SAMPLE : 1)} ${words}`;
  });
  drawing.startGroup();
  for (const text of flow(phrases, look.columns, drawing.measure, '   ')) {
    const { line } = drawing;
    for (const { 0: sample, index } of text.matchAll(SAMPLES))
      drawing.addElements([signSample(sample.slice(0, 1), { first: index, count: SAMPLE }, line)]);
    drawing.addLine(paint(text.replace(SAMPLES, ' '.repeat(SAMPLE)), 'dim', look));
  }
}
