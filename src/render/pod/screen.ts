import { podRows } from '../../pod/rows.ts';
import type { PodLifecycle } from '../../pod/lifecycle.ts';
import type { Look } from '../look.ts';
import { noteSentences } from '../terminal/notes.ts';
import { paint } from '../terminal/paint.ts';
import { shownRows, type ShownRows } from '../terminal/shown-rows.ts';
import { drawTree, type DrawnTree } from '../terminal/tree.ts';
import type { MeasureText } from '../terminal/width.ts';
import { flow, wrap } from '../terminal/wrap.ts';
import { conclusionLines, detailLines } from './details.ts';
import { analysePod, type PodReport } from '../../report/pod-report.ts';
import { drawPodSet } from './set.ts';
import { podTable } from './table.ts';
import { outcomeWords, stateWords } from './words.ts';
import { workloadProgress, workloadState } from './workload-words.ts';

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

/** What stands above the tree of the worst pod. */
export const aboveTree = (report: PodReport, look: Look, measure: MeasureText): string[][] => [
  headerLines(report, look, measure),
  conclusionLines(report, look, measure),
  report.lifecycles.length > 1 ? podTable(report, look, measure) : [],
];

export function headerLines(report: PodReport, look: Look, measure: MeasureText): string[] {
  const { subject, lifecycles, verdict, now } = report;
  const [lifecycle] = lifecycles;
  const { text } = look.glyphs;
  const node = lifecycle?.node == null || report.workload !== null ? '' : `, on node ${lifecycle.node}`;
  const name = `${subject.kind}/${subject.name} in ${subject.namespace}${node}`;
  if (verdict === null) return wrap(text(name), look.columns, measure);
  const { workload } = report;
  const state = workload === null ? stateWords(verdict, lifecycle, now) : workloadState(verdict, workload, now);
  const outcomes = report.requests.flatMap(({ outcome }) =>
    outcome == null ? [] : wrap(text(outcome), look.columns, measure),
  );
  const far =
    workload === null ? (lifecycle === undefined ? 'no pod' : outcomeWords(lifecycle)) : workloadProgress(workload);
  const words = [name, state, far ?? ''];
  const lines = flow(
    words.filter((word) => word !== '').map((word) => text(word)),
    look.columns,
    measure,
    '   ',
  );
  const bad = verdict.state === 'stuck' || verdict.state === 'failed';
  const painted = bad ? lines.map((line) => line.replace(text(state), () => paint(text(state), 'red', look))) : lines;
  return [...outcomes, ...painted];
}

export function drawPodTree(lifecycle: PodLifecycle, look: Look, measure: MeasureText): DrawnTree {
  const { waterfall, leftOut } = framedRows(lifecycle, look);
  const tree = drawTree(waterfall, look, measure, 'total');
  return leftOut === undefined
    ? tree
    : { ...tree, lines: [...tree.lines, ...wrap(look.glyphs.text(leftOut), look.columns, measure)] };
}

/** The rows of a lifecycle. */
export function framedRows({ trace }: PodLifecycle, look: Look): ShownRows {
  // Every part of a lifecycle leads to its end: all bars are drawn as full.
  const analysis = { ...analysePod(trace), onCriticalPath: new Set(trace.spans.keys()) };
  const shown = shownRows(analysis, { ...look.rows, full: true }, podRows(trace));
  const [first, ...rows] = shown.waterfall.rows;
  if (first === undefined) return shown;
  // The pod's own row is the frame: the rows below it show how it spent its time.
  return { ...shown, waterfall: { ...shown.waterfall, rows: [{ ...first, own: [] }, ...rows] } };
}

/** Notes about the clocks whose times are in the tree. */
export const clockLines = (lifecycle: PodLifecycle, look: Look, measure: MeasureText): string[] =>
  noteSentences(lifecycle.trace.notes.filter(({ code }) => code === 'clock-offset')).flatMap((note) =>
    wrap(look.glyphs.text(note), look.columns, measure),
  );
