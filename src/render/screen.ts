import { kubernetesRows } from '../analysis/kubernetes/rows.ts';
import { waterfall } from '../analysis/waterfall.ts';
import { formatBytes } from './bytes.ts';
import { componentLines } from './components.ts';
import { formatDuration } from './duration.ts';
import { escapeText } from './escape.ts';
import type { Look } from './look.ts';
import type { LookupReport, Report, RequestReport } from './report.ts';
import { drawTree } from './tree.ts';
import { plainWidth, type MeasureText } from './width.ts';
import { wrap } from './wrap.ts';

/** What a person reads on standard output: at most four header lines, the waterfall, the components. Ends in a newline. */
export function drawScreen(report: Report, look: Look, measure: MeasureText = plainWidth): string {
  const { analysis } = report;
  if (analysis === null) return '';
  const request = mainRequest(report);
  const lines = [...headerLines(report, request, look)];
  const fall = waterfall(kubernetesRows(analysis.trace), analysis);
  lines.push('', ...drawTree(fall, look, measure), '');
  lines.push(...closing(report, request, look));
  return `${lines.join('\n')}\n`;
}

/** The request whose trace the user asked for: the last one sent for them. */
function mainRequest(report: Report): RequestReport | undefined {
  return report.requests.findLast((request) => request.purpose === 'request') ?? report.requests.at(-1);
}

function headerLines(report: Report, request: RequestReport | undefined, look: Look): string[] {
  const lines: string[] = [];
  if (request !== undefined) lines.push(...wrap(requestLine(request), look.columns));
  const { traceID } = report.command;
  if (traceID !== null)
    lines.push(...wrap(`trace ${traceID}  ${verdictWords(report, request?.lookup ?? null)}`, look.columns));
  const traceURL = report.backend?.traceURL;
  const found = request?.lookup?.foundBy !== null && request?.lookup?.foundBy !== undefined;
  if (traceURL && found) lines.push(`open  ${escapeText(traceURL)}`);
  return lines;
}

function requestLine(request: RequestReport): string {
  const query = request.query === '' ? '' : `?${request.query}`;
  const words = [`${request.method} ${escapeText(`${request.path}${query}`)}`];
  words.push(request.status === null ? 'no answer' : String(request.status));
  if (request.status !== null) words.push(formatBytes(request.responseBytes));
  words.push(formatDuration(request.durationNanos));
  if (request.objectCount !== null && request.resource !== null)
    words.push(`(${count(request.objectCount, request.resource)})`);
  return words.join('  ');
}

/** `1 node`, `3 nodes`, `2 networkpolicies`: resources come as plurals; the singular is made only where that is safe. */
function count(objects: number, resource: string): string {
  const singular = /[^aeious]s$/.test(resource) ? resource.slice(0, -1) : resource.replace(/es$/, 'e');
  return `${objects} ${objects === 1 ? singular : resource}`;
}

function verdictWords(report: Report, lookup: LookupReport | null): string {
  if (lookup === null || lookup.verdict === 'skipped') return 'not looked for (--wait 0)';
  const waited = formatDuration(lookup.waitedNanos);
  const backend = report.backend === null ? '' : ` in ${report.backend.kind}`;
  if (lookup.verdict === 'missing') return `missing${backend === '' ? '' : `: not${backend}`} after ${waited}`;
  const spans =
    lookup.expected === null ? `${lookup.received} spans` : `${lookup.received} of ${lookup.expected} spans`;
  const how = lookup.foundBy === null ? '' : `, by ${lookup.foundBy === 'trace-id' ? 'trace ID' : lookup.foundBy}`;
  return `${lookup.verdict}: ${spans}${how}, after ${waited}${backend}`;
}

function closing(report: Report, request: RequestReport | undefined, look: Look): string[] {
  const { analysis } = report;
  if (analysis === null) return [];
  const lookup = request?.lookup;
  const lines: string[] = [];
  if (lookup?.foundBy) {
    lines.push(...componentLines(analysis, look));
    const own = lookup.contextKept === false ? lookup.traceID : null;
    if (own !== null) {
      lines.push(
        '',
        ...wrap(
          `The server started a trace of its own, ${own}: it does not keep the trace ID of this user.`,
          look.columns,
        ),
      );
    }
    for (const reason of lookup.reasons) lines.push(...wrap(escapeText(reason.message), look.columns));
  } else if (request !== undefined && request.status !== null) {
    lines.push(...wrap(boundWords(request), look.columns));
  }
  return [...lines, '', legend(look)];
}

/** Without a trace the client's own measurement still bounds what the server can have taken. */
function boundWords(request: RequestReport): string {
  const bound = request.phases.waitNanos;
  const words: string[] = [];
  if (bound !== null) words.push(`The server and etcd together took at most ${formatDuration(bound)}.`);
  if (request.auditID !== null)
    words.push(`The audit log has this request under Audit-Id ${escapeText(request.auditID)}.`);
  return words.join(' ');
}

function legend({ glyphs }: Look): string {
  return `bars: ${glyphs.own} own time  ${glyphs.below} time in the rows below  ${glyphs.inferred} inferred, no span`;
}
