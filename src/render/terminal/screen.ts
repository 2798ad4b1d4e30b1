import type { Analysis } from '../../analysis/analyse.ts';
import type { Waterfall } from '../../analysis/rows/waterfall.ts';
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
  const parts = screenParts(report, analysis, look, measure);
  const tree = drawRows(parts.waterfall, look, measure);
  const groups = [
    parts.headline,
    parts.header,
    [...tree.lines, ...parts.leftOut],
    hasTimes(report) ? componentLines(analysis, look, measure) : [],
    parts.sentences,
    parts.findings,
    [...parts.notes, ...(look.remarks === true ? flow(tree.legend, look.columns, measure) : [])],
  ];
  // One join: screens of very many rows are copied once.
  const filled = groups.filter((lines) => lines.length > 0);
  return `${filled.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])).join('\n')}\n`;
}

/** The lines of a screen beside the tree and the times, each group after an empty line, and the rows of the tree. */
export interface ScreenParts {
  readonly headline: readonly string[];
  readonly header: readonly string[];
  readonly waterfall: Waterfall;
  readonly leftOut: readonly string[];
  readonly sentences: readonly string[];
  readonly findings: readonly string[];
  readonly notes: readonly string[];
}

export function screenParts(report: Report, analysis: Analysis, look: Look, measure: MeasureText): ScreenParts {
  const wrapped = (texts: readonly string[]): string[] =>
    texts.flatMap((text) => wrap(look.glyphs.text(text), look.columns, measure));
  const { waterfall, leftOut } = shownRows(analysis, look.rows);
  return {
    headline: headlineLines(report, look, measure),
    header: headerLines(report, look, measure),
    waterfall,
    leftOut: leftOut === undefined ? [] : wrapped([leftOut]),
    sentences: wrapped(closingSentences(report, look.remarks === true)),
    findings: otherFindingLines(report, look, measure),
    notes: wrapped(noteSentences(analysis.trace.notes)),
  };
}
