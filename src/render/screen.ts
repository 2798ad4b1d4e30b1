import { kubernetesRows } from '../analysis/kubernetes/rows.ts';
import { waterfall } from '../analysis/waterfall.ts';
import { formatDuration } from '../analysis/wording/duration.ts';
import { componentLines } from './components.ts';
import type { Look } from './look.ts';
import { noteSentences } from './notes.ts';
import type { Report, RequestReport } from './report.ts';
import { mainRequest, requestWords } from './request-line.ts';
import { drawTree } from './tree.ts';
import { verdictWords } from './verdict-words.ts';
import { plainWidth, widthOf, type MeasureText } from './width.ts';
import { flow, wrap } from './wrap.ts';

/**
 * What a person reads on standard output: the request, the trace and where it was found, the waterfall, what the time was
 * spent on. No line is wider than the look's columns but the trace's address, which must stay in one piece to be opened.
 * Empty when nothing was sent, else ends in a newline. `measure` is asked for texts that are not plain.
 */
export function drawScreen(report: Report, look: Look, measure: MeasureText = plainWidth): string {
  const { analysis } = report;
  if (analysis === null) return '';
  const request = mainRequest(report);
  const tree = drawTree(waterfall(kubernetesRows(analysis.trace), analysis), look, measure);
  const groups = [
    headerLines(report, request, look, measure),
    tree.lines,
    closingLines(report, request, look, measure),
    [
      ...noteSentences(analysis.trace.notes).flatMap((note) => wrap(note, look.columns, measure)),
      ...flow(tree.legend, look.columns, measure),
    ],
  ];
  const text = groups.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${text.join('\n\n')}\n`;
}

function headerLines(
  report: Report,
  request: RequestReport | undefined,
  { columns, glyphs }: Look,
  measure: MeasureText,
): string[] {
  const lines: string[] = [];
  if (request !== undefined) lines.push(...flow(requestWords(request, report).map(glyphs.text), columns, measure));
  const lookup = request?.lookup ?? null;
  const { traceID } = report.command;
  if (traceID !== null) {
    const { verdict, found } = verdictWords(report, lookup);
    const whole = glyphs.text(`trace ${traceID}  ${[verdict, ...found].join(', ')}`);
    if (widthOf(whole, measure) <= columns) lines.push(whole);
    else {
      lines.push(...flow([`trace ${traceID}`, glyphs.text(verdict)], columns, measure));
      if (found.length > 0) lines.push(...wrap(glyphs.text(`found ${found.join(', ')}`), columns, measure));
    }
  }
  const url = lookup?.foundBy ? report.backend?.traceURL : undefined;
  if (url) {
    const text = glyphs.text(url);
    lines.push(text.length + 6 <= columns ? `open  ${text}` : text);
  }
  return lines;
}

function closingLines(
  { analysis }: Report,
  request: RequestReport | undefined,
  look: Look,
  measure: MeasureText,
): string[] {
  if (analysis === null || request === undefined) return [];
  const { lookup } = request;
  const sentences: string[] = [];
  const lines: string[] = [];
  if (lookup?.foundBy) {
    lines.push(...componentLines(analysis, look, measure));
    if (lookup.contextKept === false && lookup.traceID !== null) {
      sentences.push(
        `The server started a trace of its own, ${lookup.traceID}: it did not keep the trace ID of this user.`,
      );
    }
    sentences.push(...lookup.reasons.map(({ message }) => message));
    if (sentences.length > 0) lines.push('');
  } else if (request.status !== null) {
    sentences.push(boundSentences(request));
  }
  return [...lines, ...sentences.flatMap((text) => wrap(look.glyphs.text(text), look.columns, measure))];
}

/** Without a trace the client's own measurement still bounds what the server can have taken. */
function boundSentences({ phases, auditID, priorityLevel }: RequestReport): string {
  const sentences: string[] = [];
  if (phases.waitNanos !== null)
    sentences.push(`The server and etcd together took at most ${formatDuration(phases.waitNanos)}.`);
  const level = priorityLevel === null ? '' : `, priority level ${priorityLevel}`;
  if (auditID !== null) sentences.push(`The audit log has this request under Audit-Id ${auditID}${level}.`);
  return sentences.join(' ');
}
