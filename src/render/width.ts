/**
 * Columns that a text takes in a terminal. Plain ASCII and the few signs that the tree itself is drawn with are one
 * column each; everything else is measured by the injected function (string-width), which is costly to load.
 */
export type MeasureText = (text: string) => number;

const ONE_COLUMN = /^[\u0020-\u007e·…µ×✗▲├└│┄─█▏▎▍▌▋▊▉—±→]*$/;

export const isPlain = (text: string): boolean => ONE_COLUMN.test(text);

/** For texts without wide or combining characters: a JavaScript character is a column. */
export const plainWidth: MeasureText = (text) => text.length;

/** Cuts a text to `columns`, ending in `ellipsis` when something was cut. Never longer than `columns`. */
export function truncate(text: string, columns: number, ellipsis: string, measure: MeasureText): string {
  if (columns <= 0) return '';
  if (isPlain(text)) {
    return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}${ellipsis}`;
  }
  if (measure(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (measure(kept + character) > columns - 1) break;
    kept += character;
  }
  return kept + ellipsis;
}

export function widthOf(text: string, measure: MeasureText): number {
  return isPlain(text) ? text.length : measure(text);
}

export function padEnd(text: string, columns: number, measure: MeasureText): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text, measure)));
}
