import type { Analysis } from '../../analysis/analyse.ts';
import { componentLines } from './components.ts';
import { otherFindingLines } from './findings.ts';
import { headerLines } from './header.ts';
import { headlineLines } from './headline.ts';
import type { Look } from '../look.ts';
import { noteSentences } from './notes.ts';
import type { Report } from '../../report/report.ts';
import { closingSentences, hasTimes } from './sentences.ts';
import { shownRows } from './shown-rows.ts';
import { drawTree } from './tree.ts';
import { plainWidth, type MeasureText } from './width.ts';
import { flow, wrap } from './wrap.ts';

/** Draws the waterfall's rows as lines. */
export type DrawRows = typeof drawTree;

/**
 * Screen for a person, on standard output: the headline, the request, the trace and where it was found, the waterfall, and
 * the time by component. No line is wider than the look's columns but the trace's address, which must stay in one piece to be
 * opened. Empty when nothing was sent, else ends in a newline. `measure` is called for texts that are not plain.
 */
export function drawScreen(
  report: Report,
  look: Look,
  measure: MeasureText = plainWidth,
  drawRows: DrawRows = drawTree,
): string {
  const { analysis } = report;
  if (analysis === null) return '';
  const { waterfall, leftOut } = shownRows(analysis, look.rows);
  const tree = drawRows(waterfall, look, measure);
  const groups = [
    headlineLines(report, look, measure),
    headerLines(report, look, measure),
    leftOut === undefined ? tree.lines : [...tree.lines, ...wrap(look.glyphs.text(leftOut), look.columns, measure)],
    closingLines(report, analysis, look, measure),
    otherFindingLines(report, look, measure),
    [
      ...noteSentences(analysis.trace.notes).flatMap((note) => wrap(look.glyphs.text(note), look.columns, measure)),
      ...(look.remarks === true ? flow(tree.legend, look.columns, measure) : []),
    ],
  ];
  // One join: screens of very many rows are copied once.
  const filled = groups.filter((lines) => lines.length > 0);
  return `${filled.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])).join('\n')}\n`;
}

function closingLines(report: Report, analysis: Analysis, look: Look, measure: MeasureText): string[] {
  const times = hasTimes(report) ? componentLines(analysis, look, measure) : [];
  const sentences = closingSentences(report, look.remarks === true).flatMap((text) =>
    wrap(look.glyphs.text(text), look.columns, measure),
  );
  return times.length > 0 && sentences.length > 0 ? [...times, '', ...sentences] : [...times, ...sentences];
}
