import type { Look } from '../look.ts';
import type { Report } from '../../report/report.ts';
import type { TraceID } from '../../trace/ids.ts';
import { mainRequest, requestWords } from './request-line.ts';
import { isRun, runLookup, runWords } from './run-line.ts';
import { isService } from './location-words.ts';
import { originWords, traceWords } from './shown-words.ts';
import { verdictWords } from './verdict-words.ts';
import { truncate, widthOf, type MeasureText } from './width.ts';
import { flow, wrap } from './wrap.ts';

/**
 * The request, the trace and its verdict, and the address of its page; with remarks also how it was found. Each line is
 * as wide as fits.
 */
export function headerLines(report: Report, look: Look, measure: MeasureText): string[] {
  const { columns, glyphs } = look;
  const request = mainRequest(report);
  const lines = outcomes(report).flatMap((outcome) => wrap(glyphs.text(outcome), columns, measure));
  if (request !== undefined) {
    const words = (isRun(report) ? runWords(report) : requestWords(request, report)).map(glyphs.text);
    // A command line of many words would push everything else from the screen.
    const [first = '', ...others] = words;
    const shown = isRun(report) && !look.remarks ? truncate(first, columns, glyphs.ellipsis, measure) : first;
    lines.push(...flow([shown, ...others], columns, measure));
  }
  const lookup = (isRun(report) ? runLookup(report) : request?.lookup) ?? null;
  const found = foundIDs(report);
  const traceID = shownTraceID(report, found);
  if (request === undefined) {
    const origin = originWords(report);
    lines.push(...flow([`trace ${traceID ?? ''}`.trim(), glyphs.text(traceWords(report))], columns, measure));
    if (origin !== undefined) lines.push(...wrap(glyphs.text(origin), columns, measure));
  } else if (traceID !== null) {
    const isNamed = look.remarks === true || (report.backend !== null && isService(report.backend));
    lines.push(...traceLines(traceID, verdictWords(report, lookup), { ...look, remarks: isNamed }, measure));
  }
  const url = request === undefined || lookup?.foundBy ? report.backend?.traceURL : undefined;
  // A command whose requests have a trace each has no page.
  if (url && found.size <= 1) {
    const text = glyphs.text(url);
    lines.push(text.length + 6 <= columns ? `open  ${text}` : text);
  }
  return lines;
}

/** `configmap/web created`; of many objects their numbers: `18 created, 2 unchanged`. */
function outcomes({ requests }: Report): readonly string[] {
  const all = requests.flatMap(({ outcome }) => outcome ?? []);
  if (all.length <= MAX_OUTCOMES) return all;
  const kinds = Map.groupBy(all, (outcome) => outcome.slice(outcome.indexOf(' ') + 1));
  return [[...kinds].map(([words, own]) => `${own.length} ${words}`).join(', ')];
}

const MAX_OUTCOMES = 4;

/**
 * The verdict beside the ID, and how the trace was found as far as that fits, remarks are drawn, or any user of the
 * cluster may own the backend.
 */
function traceLines(
  traceID: TraceID,
  { verdict, found }: ReturnType<typeof verdictWords>,
  { columns, glyphs, remarks = false }: Look,
  measure: MeasureText,
): string[] {
  const oneLine = glyphs.text(`trace ${traceID}  ${[verdict, ...found].join(', ')}`);
  if (widthOf(oneLine, measure) <= columns) return [oneLine];
  const lines = flow([`trace ${traceID}`, glyphs.text(verdict)], columns, measure);
  if (!remarks || found.length === 0) return lines;
  return [...lines, ...wrap(glyphs.text(`found ${found.join(', ')}`), columns, measure)];
}

/**
 * The one ID of a screen: of the trace that the backend has, or that of the command, where it has none or several.
 * `kubectl trace show` takes either.
 */
export function shownTraceID(report: Report, found = foundIDs(report)): TraceID | null {
  const [first, second] = found;
  return first !== undefined && second === undefined ? first : report.command.traceID;
}

/** The traces of the command's own requests; those for discovery only where it sent nothing else. */
function foundIDs({ requests }: Report): ReadonlySet<TraceID> {
  const main = requests.filter(({ purpose }) => purpose === 'request');
  return new Set((main.length > 0 ? main : requests).flatMap(({ lookup }) => lookup?.traceID ?? []));
}
