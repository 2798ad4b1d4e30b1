import { counted } from '../../format/counted.ts';
import { percentile } from '../../format/percentile.ts';
import { RowKeys } from '../../analysis/rows/row-keys.ts';
import type { Waterfall } from '../../analysis/rows/waterfall.ts';
import { formatDuration, formatDurationRange } from '../../analysis/wording/duration.ts';
import type { Look } from '../look.ts';
import { requestsSent, runsOf, slowestAlone, type Run } from '../../report/repeated.ts';
import type { Report } from '../../report/report.ts';
import { drawScreen } from './screen.ts';
import { shownRows } from './shown-rows.ts';
import { drawTree, type DrawnTree } from './tree.ts';
import type { MeasureText } from './width.ts';
import { flow } from './wrap.ts';

/**
 * A request that was sent several times: how long it took, then the slowest of them as if it had been the only one, with
 * the p50 and p95 of each of its rows over all of them.
 */
export function drawRepeatedScreen(report: Report, look: Look, measure: MeasureText): string {
  const keys = new RowKeys();
  const times = timesOfRows(runsOf(report), look, keys);
  return drawSlowest(report, look, measure, (slowest) =>
    drawScreen(slowest, look, measure, (fall, inner, text) => drawRows(fall, inner, text, { keys, times })),
  );
}

/** How long the request took each time, above what is drawn of the slowest; of another report only what is drawn. */
export function drawSlowest(
  report: Report,
  look: Look,
  measure: MeasureText,
  draw: (slowest: Report) => string,
): string {
  const times = overview(report);
  const drawn = draw(slowestAlone(report));
  if (times.length === 0) return drawn;
  return `${flow(times.map(look.glyphs.text), look.columns, measure).join('\n')}\n\n${drawn}`;
}

/** `20 times`, `p50 3.10 ms`, `p95 8.20 ms`, `1.90–12.3 ms`, and of which of them there are traces; nothing for another report. */
export function overview(report: Report): string[] {
  const requests = requestsSent(report);
  if (requests.length === 0) return [];
  const durations = requests.map(({ durationNanos }) => durationNanos);
  const found = requests.filter(({ lookup }) => Boolean(lookup?.foundBy)).length;
  return [
    counted(requests.length, 'time'),
    `p50 ${formatDuration(percentile(durations, 0.5))}`,
    `p95 ${formatDuration(percentile(durations, 0.95))}`,
    `${formatDurationRange(Math.min(...durations), Math.max(...durations))};`,
    found === requests.length ? 'the slowest:' : `${counted(found, 'trace')} found; the slowest:`,
  ];
}

/** The times of each row in all runs, by its key. */
type Times = ReadonlyMap<number, readonly number[]>;

function timesOfRows(runs: readonly Run[], look: Look, keys: RowKeys): Times {
  const times = new Map<number, number[]>();
  for (const { analysis } of runs) {
    for (const [key, { total }] of keys.of(shownRows(analysis, { ...look.rows, full: true }).waterfall.rows)) {
      const all = times.get(key);
      if (all === undefined) times.set(key, [total]);
      else all.push(total);
    }
  }
  return times;
}

/** As wide as the other durations; where the screen has no room for the self times there is none for these. */
const COLUMN = 9;
const GAP = '  ';
const NARROW = 84;

function drawRows(
  fall: Waterfall,
  look: Look,
  measure: MeasureText,
  { keys, times }: { readonly keys: RowKeys; readonly times: Times },
): DrawnTree {
  if (look.columns < NARROW) return drawTree(fall, look, measure);
  const used = 2 * COLUMN + GAP.length;
  const tree = drawTree(fall, { ...look, columns: look.columns - used }, measure);
  const cells = [...keys.of(fall.rows).keys()].map((key) => {
    const all = times.get(key) ?? [];
    // Fast steps are not the same ones in each request.
    if (all.length === 0) return ['', ''];
    return [percentile(all, 0.5), percentile(all, 0.95)].map((time) => look.glyphs.text(formatDuration(time)));
  });
  const before = [['p50', 'p95'], ...cells].map((pair) => pair.map((cell) => cell.padStart(COLUMN)).join('') + GAP);
  return { legend: tree.legend, lines: tree.lines.map((line, index) => ((before[index] ?? '') + line).trimEnd()) };
}
