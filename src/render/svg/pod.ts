import type { PodReport } from '../../report/pod-report.ts';
import { escapeText } from '../escape.ts';
import type { Look } from '../look.ts';
import { detailLines } from '../pod/details.ts';
import { headerLines } from '../pod/header.ts';
import { aboveTree, clockLines, framedRows } from '../pod/screen.ts';
import { setHeaderLines } from '../pod/set-lines.ts';
import { setGroups, worstAlone } from '../pod/set.ts';
import { causeWords, stageWords } from '../pod/words.ts';
import type { MeasureText } from '../terminal/width.ts';
import { wrap } from '../terminal/wrap.ts';
import { Drawing } from './drawing.ts';
import { pictureLook } from './report.ts';
import { drawTreeShapes } from './tree.ts';

/** The screen of a pod as a picture; of a set of pods its table, and below it the worst pod. */
export function writePodSVG(report: PodReport, given: Look, measure: MeasureText): string {
  const look = pictureLook(given);
  const drawing = new Drawing(look.columns, measure);
  for (const lines of setGroups(report, look, measure)) drawing.addGroup(lines);
  const one = report.set === null ? report : worstAlone(report);
  if (one !== undefined) drawPod(one, drawing, look);
  const oneLine = { ...look, colour: false, columns: 1000 };
  const headline =
    report.set === null ? headerLines(report, oneLine, measure) : setHeaderLines(report, oneLine, measure);
  return drawing.toSVG({
    title: headline.join('   ').replace(/ {2,}/g, ', '),
    description: one === undefined ? '' : escapeText(descriptionOf(one)),
  });
}

function drawPod(report: PodReport, drawing: Drawing, look: Look): void {
  const { measure } = drawing;
  const [lifecycle] = report.lifecycles;
  for (const lines of aboveTree(report, look, measure)) drawing.addGroup(lines);
  if (lifecycle !== undefined) {
    const { waterfall, leftOut } = framedRows(lifecycle, look);
    drawTreeShapes(waterfall, drawing, look, 'total');
    if (leftOut !== undefined)
      for (const line of wrap(look.glyphs.text(leftOut), look.columns, measure)) drawing.addLine(line);
    for (const line of clockLines(lifecycle, look, measure)) drawing.addLine(line);
  }
  drawing.addGroup(detailLines(report, look, measure));
}

function descriptionOf({ verdict, lifecycles: [lifecycle] }: PodReport): string {
  const cause = verdict?.cause == null ? [] : [causeWords(verdict.state, verdict.cause)];
  const stages = lifecycle === undefined ? [] : [`Stages: ${stageWords(lifecycle)}`];
  return [...cause, ...stages].join('. ');
}
