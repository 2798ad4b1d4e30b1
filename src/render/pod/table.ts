import type { PodReport } from '../../report/pod-report.ts';
import type { Look } from '../look.ts';
import { drawTextTable } from '../terminal/table.ts';
import type { MeasureText } from '../terminal/width.ts';
import { setCells } from './set-cells.ts';
import { podTables } from './table-cells.ts';

/** Several pods: how many are in which stage and state, and those that are furthest behind. */
export const podTable = (report: PodReport, look: Look, measure: MeasureText): string[] =>
  podTables(report, look, measure).flatMap((table, index) => [
    ...(index === 0 ? [] : ['']),
    ...drawTextTable(table, look, measure),
  ]);

/** The pods of a set, the worst first. */
export function setTable(report: PodReport, look: Look, measure: MeasureText): string[] {
  const table = setCells(report, look, measure);
  return table === undefined ? [] : drawTextTable(table, look, measure);
}
