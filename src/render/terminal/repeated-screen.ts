import { counted } from '../../format/counted.ts';
import { analyse, type Analysis } from '../../analysis/analyse.ts';
import { percentile } from '../../format/percentile.ts';
import { subTrace } from '../../analysis/assemble/sub-trace.ts';
import type { Row, Waterfall } from '../../analysis/rows/waterfall.ts';
import { formatDuration, formatDurationRange } from '../../analysis/wording/duration.ts';
import type { Look } from '../look.ts';
import { repeatedRequests } from './repeated.ts';
import type { Report, RequestReport } from '../../report/report.ts';
import { drawScreen } from './screen.ts';
import { shownRows } from './shown-rows.ts';
import { drawTree, type DrawnTree } from './tree.ts';
import type { MeasureText } from './width.ts';
import { flow } from './wrap.ts';

interface Run {
  readonly request: RequestReport;
  readonly analysis: Analysis;
}

/**
 * A request that was sent several times: how long it took, then the slowest of them as if it had been the only one, with
 * the p50 and p95 of each of its rows over all of them.
 */
export function drawRepeatedScreen(report: Report, look: Look, measure: MeasureText): string {
  const runs = runsOf(report);
  const [first, ...others] = runs;
  if (first === undefined) return drawScreen(report, look, measure);
  const slowest = others.reduce(
    (most, run) => (run.request.durationNanos > most.request.durationNanos ? run : most),
    first,
  );
  const { document: _, ...rest } = report;
  const slowestReport: Report = {
    ...rest,
    command: { ...report.command, durationNanos: slowest.request.durationNanos },
    requests: [slowest.request],
    backend: report.backend && { ...report.backend, traceURL: pageOf(slowest.request, report.backend.traceURL) },
    analysis: slowest.analysis,
  };
  const times = timesOfRows(runs, look);
  const screen = drawScreen(slowestReport, look, measure, (fall, inner, text) => drawRows(fall, inner, text, times));
  return `${flow(overview(runs).map(look.glyphs.text), look.columns, measure).join('\n')}\n\n${screen}`;
}

/** The address of the last request's trace; null where the slowest one is in another trace. */
const pageOf = ({ lookup }: RequestReport, traceURL: string | null): string | null =>
  traceURL !== null && lookup?.traceID != null && traceURL.includes(lookup.traceID) ? traceURL : null;

/** Each request with what was found of it. */
function runsOf(report: Report): Run[] {
  const { analysis } = report;
  if (analysis === null) return [];
  const { trace } = analysis;
  const clients = new Map(trace.spans.filter(({ source }) => source === 'client').map((span) => [span.spanID, span]));
  return repeatedRequests(report).flatMap((request): Run[] => {
    const client = clients.get(request.spanID);
    if (client === undefined) return [];
    return [{ request, analysis: analyse(subTrace(trace, client), { requests: [request] }) }];
  });
}

/** `20 times`, `p50 3.10 ms`, `p95 8.20 ms`, `1.90–12.3 ms`, and of which of them there are traces. */
function overview(runs: readonly Run[]): string[] {
  const durations = runs.map(({ request }) => request.durationNanos);
  const found = runs.filter(({ request }) => Boolean(request.lookup?.foundBy)).length;
  return [
    counted(runs.length, 'time'),
    `p50 ${formatDuration(percentile(durations, 0.5))}`,
    `p95 ${formatDuration(percentile(durations, 0.95))}`,
    `${formatDurationRange(Math.min(...durations), Math.max(...durations))};`,
    found === runs.length ? 'the slowest:' : `${counted(found, 'trace')} found; the slowest:`,
  ];
}

/** Rows of several runs are the same when they and those above them have the same spans, counted among their like. */
type Times = ReadonlyMap<string, readonly number[]>;

function timesOfRows(runs: readonly Run[], look: Look): Times {
  const times = new Map<string, number[]>();
  for (const { analysis } of runs) {
    for (const [key, { total }] of keyed(shownRows(analysis, { ...look.rows, full: true }).waterfall)) {
      const all = times.get(key);
      if (all === undefined) times.set(key, [total]);
      else all.push(total);
    }
  }
  return times;
}

function keyed({ rows }: Waterfall): ReadonlyMap<string, Row> {
  const keys = new Map<Row, string>();
  const taken = new Map<string, Row>();
  for (const row of rows) {
    const above = row.parent === undefined ? '' : keys.get(row.parent);
    const name = row.isFastSteps === true ? row.label[0] : (row.spans[0]?.span.name ?? '');
    let key = `${above}\0${name}`;
    for (let count = 2; taken.has(key); count++) key = `${above}\0${name}\0${count}`;
    keys.set(row, key);
    taken.set(key, row);
  }
  return taken;
}

/** As wide as the other durations; where the screen has no room for the self times there is none for these. */
const COLUMN = 9;
const GAP = '  ';
const NARROW = 84;

function drawRows(fall: Waterfall, look: Look, measure: MeasureText, times: Times): DrawnTree {
  if (look.columns < NARROW) return drawTree(fall, look, measure);
  const used = 2 * COLUMN + GAP.length;
  const tree = drawTree(fall, { ...look, columns: look.columns - used }, measure);
  const cells = [...keyed(fall).keys()].map((key) => {
    const all = times.get(key) ?? [];
    // Fast steps are not the same ones in each request.
    if (all.length === 0) return ['', ''];
    return [percentile(all, 0.5), percentile(all, 0.95)].map((time) => look.glyphs.text(formatDuration(time)));
  });
  const before = [['p50', 'p95'], ...cells].map((pair) => pair.map((cell) => cell.padStart(COLUMN)).join('') + GAP);
  return { legend: tree.legend, lines: tree.lines.map((line, index) => ((before[index] ?? '') + line).trimEnd()) };
}
