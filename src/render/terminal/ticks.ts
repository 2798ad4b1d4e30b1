import type { Waterfall } from '../../analysis/rows/waterfall.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';

/** Where a label may stand between the two ends, in the order in which they are set. */
const FRACTIONS = [0.25, 0.5, 0.75] as const;
/** An axis shorter than this has its two ends only. */
const ROOMY = 40;

/** The labels of the axis in `cells` columns: its start, its end at the right border, and quarters where there is room. */
export function ticks({ from, to }: Waterfall, cells: number): string {
  const label = (nanos: number): string => (nanos === 0 ? '0' : formatDuration(nanos));
  const end = label(to);
  let line = label(from);
  if (cells >= ROOMY) {
    for (const fraction of FRACTIONS) {
      const text = label(from + (to - from) * fraction);
      const column = Math.floor(cells * fraction);
      const fits = line.length + 2 <= column && column + text.length + 2 <= cells - end.length;
      if (fits) line = line.padEnd(column) + text;
    }
  }
  if (line.length + 2 + end.length <= cells) return line.padEnd(cells - end.length) + end;
  return line.length <= cells ? line : '';
}
