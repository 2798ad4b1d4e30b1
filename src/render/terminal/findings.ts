import { displayedFindings, hiddenCount } from '../../analysis/findings/index.ts';
import type { Finding } from '../../analysis/findings/finding.ts';
import type { Look } from '../look.ts';
import { paint } from './paint.ts';
import type { Report } from '../../report/report.ts';
import type { MeasureText } from './width.ts';
import { wrap } from './wrap.ts';

/** Under the sign and its blank. */
const INDENT = '  ';
/** The findings after the first one, which is the headline, each with its hint and its command on separate lines. */
export function otherFindingLines(report: Report, look: Look, measure: MeasureText): string[] {
  const all = report.analysis?.findings ?? [];
  const lines = displayedFindings(all)
    .slice(1)
    .flatMap((finding) => drawFinding(finding, look, measure));
  const more = hiddenCount(all);
  if (more > 0) lines.push(`${INDENT}and ${more} more in -o json`);
  return lines;
}

/** One finding: its headline, its reason, what to do about it, and the command to type next. */
export function drawFinding({ headline, detail, hint, command }: Finding, look: Look, measure: MeasureText): string[] {
  const { text, finding: sign } = look.glyphs;
  const room = look.columns - INDENT.length;
  const lines = [...wrap(text(headline), room, measure)].map((line) => paint(line, 'bold', look));
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
