import { escapeText } from './escape.ts';

/** Text in which nothing is markup: no table ends, no mention is sent, no HTML is read. */
export const plainText = (text: string): string => escapeText(text).replace(/[\\`*_[\]<>|#@~]/g, '\\$&');

/** A code span, by CommonMark's rule: one more backtick on either side than there are in a row within. */
export function code(text: string): string {
  const ticks = '`'.repeat(longestRun(text) + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${text}${pad}${ticks}`;
}

export function codeBlock(lines: readonly string[]): string {
  const text = lines.join('\n');
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}text\n${text}\n${fence}`;
}

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
