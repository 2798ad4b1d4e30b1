import { displayedFindings } from '../../analysis/findings/index.ts';
import type { Finding } from '../../analysis/findings/finding.ts';
import type { Look } from '../look.ts';
import { paint } from './paint.ts';
import type { Report } from '../../report/report.ts';
import { mainRequest } from './request-line.ts';
import { hasTimes } from './sentences.ts';
import type { MeasureText } from './width.ts';
import { wrap } from './wrap.ts';

/** Under the sign and its blank. */
const INDENT = '  ';
/** From here on there is room to say where the thresholds are. */
const WIDE = 100;

/**
 * The findings that are shown, each with its hint and its command on separate lines; or that nothing stands out.
 * Nothing about a trace that was not found, is not Kubernetes', or whose request failed on its own.
 */
export function findingLines(report: Report, look: Look, measure: MeasureText): string[] {
  const all = report.analysis?.findings ?? [];
  const displayed = displayedFindings(all);
  const lines = displayed.flatMap((finding) => drawFinding(finding, look, measure));
  const more = all.length - displayed.length;
  if (more > 0) lines.push(`${INDENT}and ${more} more in -o json`);
  const sentence = displayed.length === 0 ? nothingStandsOut(report, look.columns >= WIDE) : undefined;
  return sentence === undefined ? lines : wrap(look.glyphs.text(sentence), look.columns, measure);
}

function drawFinding({ title, detail, hint, command }: Finding, look: Look, measure: MeasureText): string[] {
  const { text, finding: sign } = look.glyphs;
  const room = look.columns - INDENT.length;
  const lines = [...wrap(text(title), room, measure)].map((line) => paint(line, 'bold', look));
  const first = lines.shift() ?? '';
  for (const words of [detail, hint ?? '']) lines.push(...wrap(text(words), room, measure));
  if (command !== null) lines.push(...commandLines(text(command), room, measure));
  return [`${sign} ${first}`, ...lines.map((line) => INDENT + line)].map((line) => line.trimEnd());
}

/** A command of several lines still is one to a shell, unless a single word of it is too long. */
function commandLines(command: string, columns: number, measure: MeasureText): string[] {
  const wrapped = wrap(command, columns, measure);
  const lines = wrap(command, columns - 2, measure);
  if (wrapped.length <= 1 || lines.join(' ') !== command) return wrapped;
  return lines.map((line, index) => (index < lines.length - 1 ? `${line} \\` : line));
}

const KUBERNETES: ReadonlySet<string> = new Set(['apiserver', 'etcd', 'webhook']);

function nothingStandsOut(report: Report, wide: boolean): string | undefined {
  const { analysis } = report;
  const request = mainRequest(report);
  if (analysis === null || !hasTimes(report) || (request?.status ?? 0) >= 400) return undefined;
  if (!analysis.componentTimes.some(({ component }) => KUBERNETES.has(component))) return undefined;
  const nothing = request?.lookup?.verdict === 'partial' ? 'Nothing stands out in what arrived' : 'Nothing stands out';
  const where = wide ? ': no part is above the thresholds of docs/findings.md.' : '.';
  return [`${nothing}${where}`, analysis.largestPart].filter((sentence) => sentence !== null).join(' ');
}
