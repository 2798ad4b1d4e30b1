import type { Look } from '../look.ts';
import type { Report } from '../../report/report.ts';
import { mainRequest, requestWords } from './request-line.ts';
import { isRun, runLookup, runWords } from './run-line.ts';
import { originWords, traceWords } from './shown-words.ts';
import { verdictWords } from './verdict-words.ts';
import { widthOf, type MeasureText } from './width.ts';
import { flow, wrap } from './wrap.ts';

/**
 * The request, the trace and its verdict, where it was found, and the address of its page; each line as wide as fits.
 */
export function headerLines(report: Report, { columns, glyphs }: Look, measure: MeasureText): string[] {
  const request = mainRequest(report);
  const lines: string[] = report.requests.flatMap(({ outcome }) =>
    outcome == null ? [] : wrap(glyphs.text(outcome), columns, measure),
  );
  if (request !== undefined) {
    const words = isRun(report) ? runWords(report) : requestWords(request, report);
    lines.push(...flow(words.map(glyphs.text), columns, measure));
  }
  const lookup = (isRun(report) ? runLookup(report) : request?.lookup) ?? null;
  const { traceID } = report.command;
  if (request === undefined) {
    const origin = originWords(report);
    lines.push(...flow([`trace ${traceID ?? ''}`.trim(), glyphs.text(traceWords(report))], columns, measure));
    if (origin !== undefined) lines.push(...wrap(glyphs.text(origin), columns, measure));
  } else if (traceID !== null) {
    const { verdict, found } = verdictWords(report, lookup);
    const oneLine = glyphs.text(`trace ${traceID}  ${[verdict, ...found].join(', ')}`);
    if (widthOf(oneLine, measure) <= columns) lines.push(oneLine);
    else {
      lines.push(...flow([`trace ${traceID}`, glyphs.text(verdict)], columns, measure));
      if (found.length > 0) lines.push(...wrap(glyphs.text(`found ${found.join(', ')}`), columns, measure));
    }
  }
  const url = request === undefined || lookup?.foundBy ? report.backend?.traceURL : undefined;
  if (url) {
    const text = glyphs.text(url);
    lines.push(text.length + 6 <= columns ? `open  ${text}` : text);
  }
  return lines;
}
