import { stripVTControlCharacters } from 'node:util';
import { counted } from '../format/counted.ts';
import type { Runtime } from '../runtime.ts';

/** Lines on the terminal that others take the place of. */
export interface InPlace {
  /** Draws over what was drawn before. */
  draw(lines: readonly string[]): void;
  /** Removes what was drawn. */
  clear(): void;
}

/** Rows that are left to the prompt and to what is written beside the picture. */
const SPARE = 2;
const ROWS = 24;

/**
 * Draws where the output is a terminal. What does not fit its height is cut off at the end, since what has scrolled away
 * cannot be drawn over.
 */
export function inPlace({ out, outTerminal }: Pick<Runtime, 'out' | 'outTerminal'>): InPlace {
  let drawn: readonly string[] = [];
  const rowsOf = (lines: readonly string[]): number => rowsTaken(lines, outTerminal.columns);
  // A terminal that was made narrower since then has wrapped some of its lines.
  const erase = (): string => (drawn.length === 0 ? '' : `\u001b[${rowsOf(drawn)}A\r\u001b[J`);
  return {
    draw(wanted) {
      if (!outTerminal.isTTY || outTerminal.isDumb === true) return;
      const rows = Math.max(4, (outTerminal.rows || ROWS) - SPARE);
      let count = wanted.length;
      if (rowsOf(wanted) > rows) while (rowsOf(wanted.slice(0, count)) > rows - 1) count--;
      const left = wanted.length - count;
      const lines = left > 0 ? [...wanted.slice(0, count), `and ${counted(left, 'more line')}`] : wanted;
      out.write(`${erase()}${lines.join('\n')}\n`);
      drawn = lines;
    },
    clear() {
      out.write(erase());
      drawn = [];
    },
  };
}

/** Rows of the terminal: a word of a command that is wider than the terminal takes several. */
function rowsTaken(lines: readonly string[], columns = Infinity): number {
  const widths = lines.map((line) => stripVTControlCharacters(line).length);
  return widths.reduce((rows, width) => rows + Math.max(1, Math.ceil(width / columns)), 0);
}
