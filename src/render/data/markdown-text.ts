import { escapeText } from '../escape.ts';

/**
 * Text in which nothing is markup: no table ends, no HTML or image is read, and an issue tracker makes nothing of it. What
 * it would make a mention or a link of stands in a code span, the one place where trackers look for neither: a backslash
 * or an entity is gone before they look.
 */
export const plainText = (text: string): string =>
  escapeText(text).replace(/[^\s|]+|\|/g, (word) => (isReference(word) ? referenceCode(word) : escapeMarkup(word)));

const escapeMarkup = (word: string): string => word.replace(/[\\`*_[\]<>|#@~!&$]/g, '\\$&');

/**
 * GitHub's and GitLab's special references, and the texts that GFM links automatically
 * (https://github.github.com/gfm/#autolinks-extension-).
 */
const REFERENCE = /@|#|:\/\/|www\.|mailto:|xmpp:|[!$%&~]\w|[A-Za-z]{2}-\d|(?<![0-9a-f-])[0-9a-f]{7,64}(?![0-9a-f-])/i;

const isReference = (word: string): boolean => REFERENCE.test(word);

/** Signs around it stay outside. */
function referenceCode(word: string): string {
  let [start, end] = [0, word.length];
  while (start < end && `("'`.includes(word[start]!)) start++;
  while (end > start && `)"',.;:`.includes(word[end - 1]!)) end--;
  return start === end
    ? escapeMarkup(word)
    : `${word.slice(0, start)}${code(word.slice(start, end))}${word.slice(end)}`;
}

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

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
