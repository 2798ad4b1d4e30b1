/**
 * Columns that an escaped text takes in a terminal. Plain ASCII and the few signs that the tree itself is drawn with are
 * one column each; everything else is measured by the injected function (string-width), which is costly to load.
 */
export type MeasureText = (text: string) => number;

const ONE_COLUMN = /^[ -~·…µ×–Σ✗▲├└│┄─█▒▏▎▍▌▋▊▉—±←→]*$/;

export const isPlain = (text: string): boolean => ONE_COLUMN.test(text);

/** Never too few columns, so that nothing wraps, but too many for most texts: two for each JavaScript character. */
export const plainWidth: MeasureText = (text) => (isPlain(text) ? text.length : text.length * 2);

export function widthOf(text: string, measure: MeasureText): number {
  return isPlain(text) ? text.length : measure(text);
}

/** Cuts a text to `columns`, ending in `ellipsis` (one column) when something was cut. Never wider than `columns`. */
export function truncate(text: string, columns: number, ellipsis: string, measure: MeasureText): string {
  if (columns <= 0) return '';
  if (!isLong(text, columns) && widthOf(text, measure) <= columns) return text;
  return textWithin(text, columns - 1, measure) + ellipsis;
}

/** The same with the beginning and the end of the text: a name's last letters tell it from others of its kind. */
export function truncateMiddle(text: string, columns: number, ellipsis: string, measure: MeasureText): string {
  const isShort = text.length <= columns && widthOf(text, measure) <= columns;
  // A text of several columns a character is cut off at its end.
  if (isShort || columns < 8 || !isPlain(text)) return truncate(text, columns, ellipsis, measure);
  const end = Math.min(12, Math.floor((columns - 1) / 2));
  return text.slice(0, columns - 1 - end) + ellipsis + text.slice(-end);
}

/** The longest beginning of a text that takes at most `columns`. Characters are never cut in two. */
export function textWithin(text: string, columns: number, measure: MeasureText): string {
  const start = isLong(text, columns) ? text.slice(0, longest(columns)) : text;
  if (isPlain(start)) return start.slice(0, columns);
  const segments: string[] = [];
  let width = 0;
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(start)) {
    width += measure(segment);
    if (width > columns) break;
    segments.push(segment);
  }
  // Some characters are wider together than each one alone.
  while (measure(segments.join('')) > columns) segments.pop();
  return segments.join('');
}

/** A text of a megabyte is too long without measuring: an escaped character has at most five code points. */
const isLong = (text: string, columns: number): boolean => text.length > longest(columns);
const longest = (columns: number): number => Math.max(0, columns) * 10 + 10;

export function padEnd(text: string, columns: number, measure: MeasureText): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text, measure)));
}
