import type { PodLifecycle } from '../../pod/lifecycle.ts';
import type { Look } from '../look.ts';
import { noteSentences } from '../terminal/notes.ts';
import type { ShownRows } from '../terminal/shown-rows.ts';
import { drawTree, type DrawnTree } from '../terminal/tree.ts';
import type { MeasureText } from '../terminal/width.ts';
import { wrap } from '../terminal/wrap.ts';
import { conclusionLines, detailLines } from './details.ts';
import type { PodReport } from '../../report/pod-report.ts';
import { headerLines } from './header.ts';
import { drawPodSet } from './set.ts';
import { analyseLifecycle, shownPodRows } from './shown-rows.ts';
import { podTable } from './table.ts';

/**
 * Screen for a pod: its state, its cause with what to do, its lifecycle on one axis, the evidence, and where its time went.
 * For several pods of a workload first all by stage, then the worst one; for those of a set their table alone. No line is
 * wider than the look's columns, except for a word of a command that is; ends in a newline.
 */
export function drawPodScreen(report: PodReport, look: Look, measure: MeasureText): string {
  if (report.set != null) return drawPodSet(report, look, measure);
  const [lifecycle] = report.lifecycles;
  const groups = [
    ...aboveTree(report, look, measure),
    lifecycle === undefined
      ? []
      : [...drawPodTree(lifecycle, look, measure).lines, ...clockLines(lifecycle, look, measure)],
    detailLines(report, look, measure),
  ];
  return `${groups
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n').replace(/^\n/, ''))
    .join('\n\n')}\n`;
}

/** Lines above the tree of the worst pod. */
export const aboveTree = (report: PodReport, look: Look, measure: MeasureText): string[][] => [
  headerLines(report, look, measure),
  conclusionLines(report, look, measure),
  report.lifecycles.length > 1 ? podTable(report, look, measure) : [],
];

export function drawPodTree(lifecycle: PodLifecycle, look: Look, measure: MeasureText): DrawnTree {
  const { waterfall, leftOut } = framedRows(lifecycle, look);
  const tree = drawTree(waterfall, look, measure, 'total');
  return leftOut === undefined
    ? tree
    : { ...tree, lines: [...tree.lines, ...wrap(look.glyphs.text(leftOut), look.columns, measure)] };
}

/** The rows of a lifecycle. */
export const framedRows = (lifecycle: PodLifecycle, { rows }: Look): ShownRows =>
  shownPodRows(analyseLifecycle(lifecycle), rows);

/** Notes about the clocks whose times are in the tree. */
export const clockLines = (lifecycle: PodLifecycle, look: Look, measure: MeasureText): string[] =>
  noteSentences(lifecycle.trace.notes.filter(({ code }) => code === 'clock-offset')).flatMap((note) =>
    wrap(look.glyphs.text(note), look.columns, measure),
  );
