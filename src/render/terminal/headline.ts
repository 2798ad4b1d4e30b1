import { ExitCode } from '../../errors.ts';
import { displayedFindings } from '../../analysis/findings/index.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import { shellWord } from '../../format/shell-command.ts';
import { formatShare } from '../../analysis/wording/percent.ts';
import type { Report, RequestReport } from '../../report/report.ts';
import type { Look } from '../look.ts';
import { drawFinding } from './findings.ts';
import { paint } from './paint.ts';
import { isFailure, mainRequest, serverBound } from './request-line.ts';
import { isRun, statusOf } from './run-line.ts';
import { hasTimes } from './sentences.ts';
import type { MeasureText } from './width.ts';
import { wrap } from './wrap.ts';

/**
 * The headline of a screen: the first finding with what to do about it; or one line about what failed, what was
 * not found, or that nothing stands out.
 */
export function headlineLines(report: Report, look: Look, measure: MeasureText): string[] {
  const [first] = displayedFindings(report.analysis?.findings ?? []);
  if (first !== undefined && refusal(report) === undefined) return drawFinding(first, look, measure);
  const { words, hasFailed } = headline(report);
  const lines = wrap(look.glyphs.text(words), look.columns, measure);
  return lines.map((line) => paint(line, hasFailed ? 'red' : 'bold', look));
}

/** The headline in one line, without what to do about it. */
export function headlineWords(report: Report): string {
  const [first] = displayedFindings(report.analysis?.findings ?? []);
  return refusal(report) ?? first?.headline ?? headline(report).words;
}

/** The command as it was typed, or the trace that is shown. */
export function titleWords({ command, requests }: Report): string {
  return requests.length === 0
    ? `trace ${command.traceID}`
    : ['kubectl trace', ...command.args.map(shellWord)].join(' ');
}

interface Headline {
  readonly words: string;
  readonly hasFailed: boolean;
}

/**
 * The failure of a command none of whose requests failed: an unknown type, a bad manifest. Undefined otherwise. It comes
 * before any finding.
 */
function refusal(report: Report): string | undefined {
  const { error } = report;
  const request = mainRequest(report);
  if (error === null || error.code > ExitCode.usage || isRun(report)) return undefined;
  if (request !== undefined && isFailure(request)) return undefined;
  return `failed: ${error.message.split('\n', 1)[0]}`;
}

function headline(report: Report): Headline {
  const refused = refusal(report);
  if (refused !== undefined) return { words: refused, hasFailed: true };
  const request = mainRequest(report);
  const { durationNanos } = report.command;
  if (isRun(report)) {
    const time = durationNanos === null ? '' : ` after ${formatDuration(durationNanos)}`;
    const status = statusOf(report);
    if (status !== 0) return { words: `exit status ${status}${time}`, hasFailed: true };
  } else if (request !== undefined && isFailure(request)) {
    return { words: failureWords(request), hasFailed: true };
  }
  return { words: timeWords(report, request), hasFailed: false };
}

/** `failed with 409 AlreadyExists after 8.79 ms`, `no response after 30.0 s` */
function failureWords({ status, error, durationNanos }: RequestReport): string {
  const after = `after ${formatDuration(durationNanos)}`;
  if (status === null) return `no response ${after}`;
  const reason = error === null || /^\d*$/.test(error.reason) ? '' : ` ${error.reason}`;
  return `failed with ${status}${reason} ${after}`;
}

const KUBERNETES: ReadonlySet<string> = new Set(['apiserver', 'etcd', 'webhook']);

/** `nothing stands out: 15.2 ms, most of it making the new connection`; of other traces only the largest part. */
function timeWords(report: Report, request: RequestReport | undefined): string {
  const { analysis } = report;
  if (analysis === null) return '';
  const { trace, openNanos, componentTimes, largestPart } = analysis;
  if (!trace.root.ended) return trace.duration === 0 ? 'not ended' : `${formatDuration(trace.duration)} or more`;
  const time = formatDuration(trace.duration - openNanos);
  const open = openNanos === 0 ? '' : `; a stream was open for ${formatDuration(openNanos)} more`;
  if (!hasTimes(report)) return `${time}${boundWords(request)}${open}`;
  const largest = largestPart === null ? mostOf(report) : `, most of it ${largestPart}`;
  if (!componentTimes.some(({ component }) => KUBERNETES.has(component))) return `${time}${largest}${open}`;
  const where = request?.lookup?.verdict === 'partial' ? ' in what arrived' : '';
  return `nothing stands out${where}: ${time}${largest}${open}`;
}

/** `, 63 % of it network`: no single part has more than half of the time. */
function mostOf({ analysis }: Report): string {
  const [first] = analysis?.displayedTimes ?? [];
  return first === undefined ? '' : `, ${formatShare(first.time.share)} of it ${first.name}`;
}

function boundWords(request: RequestReport | undefined): string {
  const bound = request === undefined ? null : serverBound(request);
  return bound === null ? '' : `, at most ${formatDuration(bound)} of it the server and etcd`;
}
