import type { PodReport } from '../../report/pod-report.ts';
import type { Look } from '../look.ts';
import type { MeasureText } from '../terminal/width.ts';
import { setHeaderLines, setRemarkLines } from './set-lines.ts';
import { setTable } from './table.ts';

/** Several pods: how many are not well and why, one table of them from the worst, and how to see one of them. */
export function drawPodSet(report: PodReport, look: Look, measure: MeasureText): string {
  return `${setGroups(report, look, measure)
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

export function setGroups(report: PodReport, look: Look, measure: MeasureText): string[][] {
  if (report.set === null) return [];
  return [
    setHeaderLines(report, look, measure),
    setTable(report, look, measure),
    setRemarkLines(report, look, measure),
  ];
}

/** The worst pod of a set as a separate report, to draw its picture. */
export function worstAlone(report: PodReport): PodReport | undefined {
  const [worst] = report.lifecycles;
  if (worst === undefined || report.set === null) return undefined;
  const { namespace, name, verdict } = worst;
  return {
    ...report,
    subject: { kind: 'pod', namespace, name },
    set: null,
    verdict,
    lifecycles: [worst],
    podsLeftOut: 0,
    gaps: [],
  };
}
