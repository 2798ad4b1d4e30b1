import type { Report } from '../../report/report.ts';
import { framesOf, spanStacks, type Stack } from './stacks.ts';

/** Characters of all lines. The time of further stacks is summed below the root: one text cannot hold everything. */
const MAX_LENGTH = 64 * 1024 * 1024;

/**
 * Folded stacks, as flamegraph.pl and inferno read them: `frame;frame;frame MICROSECONDS`, a line for each stack with its
 * self time, in the order of the trace. Spans that ran at the same time all count: the sum may be more than the duration.
 */
export function writeFolded({ analysis }: Pick<Report, 'analysis'>): string {
  if (analysis === null) return '';
  const nanosOf = new Map<Stack, number>();
  for (const { span, stack } of spanStacks(analysis.trace))
    nanosOf.set(stack, (nanosOf.get(stack) ?? 0) + (analysis.self[span.index] ?? 0));
  const lines: string[] = [];
  let length = 0;
  let rest = 0;
  let root = '';
  for (const [stack, nanos] of nanosOf) {
    const names = framesOf(stack).map(({ name }) => frameName(name));
    root ||= names[0] ?? '';
    const micros = Math.round(nanos / 1000);
    if (micros === 0) continue;
    const line = `${names.join(';')} ${micros}\n`;
    if (length + line.length > MAX_LENGTH) rest += micros;
    else {
      length += line.length;
      lines.push(line);
    }
  }
  if (rest > 0) lines.push(`${root};… ${rest}\n`);
  return lines.join('');
}

/**
 * A name within a stack, without a separator. A number at its end is attached to the word before: flamegraph.pl would read
 * it as the first of two counts, those of a stack before and after a change.
 */
const frameName = (name: string): string => name.replaceAll(';', ',').replace(/ (?=\d+\.?\d*$)/, '_');
