import type { Analysis } from '../../analysis/analyse.ts';
import type { RowFilter } from '../../analysis/rows/filter.ts';
import type { RowNode } from '../../analysis/rows/row-node.ts';
import type { PodLifecycle } from '../../pod/lifecycle.ts';
import { podRows } from '../../pod/rows.ts';
import { analysePod } from '../../report/pod-report.ts';
import { shownRows, type ShownRows } from '../terminal/shown-rows.ts';

/** Every part of a lifecycle leads to its end: all bars are drawn as full. */
export const analyseLifecycle = ({ trace }: Pick<PodLifecycle, 'trace'>): Analysis => ({
  ...analysePod(trace),
  onCriticalPath: new Set(trace.spans.keys()),
});

/** The rows of a pod's timeline. The pod's own row is the frame: the rows below it show how it spent its time. */
export function shownPodRows(analysis: Analysis, filter: RowFilter = {}, all?: RowNode): ShownRows {
  const rows = all ?? podRows(analysis.trace);
  const shown = shownRows(analysis, { ...filter, full: true }, rows);
  const [first, ...others] = shown.waterfall.rows;
  if (first === undefined || first.spans[0] !== analysis.trace.root) return shown;
  return { ...shown, waterfall: { ...shown.waterfall, rows: [{ ...first, own: [] }, ...others] } };
}
