import type { Analysis } from '../../analysis/analyse.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import { slowestAlone } from '../../report/repeated.ts';
import type { Report } from '../../report/report.ts';
import { escapeText } from '../escape.ts';
import { UNICODE, type Look } from '../look.ts';
import { BAR, timeLines } from '../terminal/components.ts';
import { headlineWords, titleWords } from '../terminal/headline.ts';
import { overview } from '../terminal/repeated-screen.ts';
import { screenParts } from '../terminal/screen.ts';
import { hasTimes } from '../terminal/sentences.ts';
import { shareText } from '../terminal/share.ts';
import { widthOf, type MeasureText } from '../terminal/width.ts';
import { flow } from '../terminal/wrap.ts';
import { shareBar } from './bars.ts';
import { Drawing } from './drawing.ts';
import { drawTreeShapes } from './tree.ts';

/** A picture is the same wherever it is made: its signs and colours do not depend on the terminal. */
export const pictureLook = (look: Look): Look => ({ ...look, colour: true, glyphs: UNICODE });

/**
 * The screen of `tree` as a picture, to show it on a page or in an issue. The address of the trace's page, which no
 * reader can click or reach, is not in it.
 */
export function writeSVG(all: Report, given: Look, measure: MeasureText): string {
  const slowest = slowestAlone(all);
  const { analysis, backend } = slowest;
  if (analysis === null) return '';
  const report: Report = { ...slowest, backend: backend && { ...backend, traceURL: null } };
  const look = pictureLook(given);
  const parts = screenParts(report, analysis, look, measure);
  const drawing = new Drawing(look.columns, measure);
  drawing.addGroup(flow(overview(all).map(look.glyphs.text), look.columns, measure));
  drawing.addGroup(parts.headline);
  drawing.addGroup(parts.header);
  drawTreeShapes(parts.waterfall, drawing, look);
  for (const line of parts.leftOut) drawing.addLine(line);
  if (hasTimes(report)) drawTimes(analysis, drawing, look);
  for (const lines of [parts.sentences, parts.findings, parts.notes]) drawing.addGroup(lines);
  return drawing.toSVG({
    title: escapeText(`${titleWords(report)}: ${headlineWords(report)}`),
    description: escapeText(hasTimes(report) ? timesInWords(analysis) : ''),
  });
}

function drawTimes(analysis: Analysis, drawing: Drawing, look: Look): void {
  const lines = timeLines(analysis, look, drawing.measure);
  if (lines.length > 0) drawing.startGroup();
  for (const { head, share, parts } of lines) {
    if (share !== undefined) {
      const first = widthOf(head, drawing.measure) + 2;
      drawing.addElements([shareBar(share, { first, count: BAR }, drawing.line)]);
    }
    drawing.addLine([head, ...(share === undefined ? [] : [' '.repeat(BAR)]), parts].join('  ').trimEnd());
  }
}

/** `Time by component: webhook 374 ms (98 %), …` */
function timesInWords(analysis: Analysis): string {
  const words = analysis.displayedTimes.map(
    ({ name, time }) => `${name} ${formatDuration(time.nanos)} (${shareText(analysis, time)})`,
  );
  return `Time by component: ${words.join(', ')}`;
}
