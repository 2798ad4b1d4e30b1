import { stripVTControlCharacters } from 'node:util';
import { counted } from '../../format/counted.ts';
import type { PodReport } from '../../report/pod-report.ts';
import type { Runtime } from '../../runtime.ts';
import type { PodOutput } from './output.ts';

export interface LiveScreen {
  /** Draws over what was drawn before. */
  draw(report: PodReport, trouble: string | undefined): Promise<void>;
  /** Removes what was drawn: the last picture takes its place. */
  clear(): void;
}

/** Rows that are left to the prompt and to what is written beside the picture. */
const SPARE = 2;
const ROWS = 24;

/**
 * A picture that changes in its place, on a terminal alone; a pipe gets one, the last. What does not fit the terminal's
 * height is cut off at the end while it changes, since what has scrolled away cannot be drawn over.
 */
export function liveScreen(output: PodOutput, { out, outTerminal }: Pick<Runtime, 'out' | 'outTerminal'>): LiveScreen {
  let drawn = 0;
  const erase = (): string => (drawn === 0 ? '' : `\u001b[${drawn}A\r\u001b[J`);
  return {
    async draw(report, trouble) {
      if (!outTerminal.isTTY) return;
      const text = await output(report);
      const rows = Math.max(4, (outTerminal.rows || ROWS) - SPARE);
      const all = [
        ...text.trimEnd().split('\n'),
        ...(trouble === undefined ? [] : ['', 'the API server does not respond; trying again']),
      ];
      const rowsOf = (lines: readonly string[]): number => rowsTaken(lines, outTerminal.columns);
      let count = all.length;
      if (rowsOf(all) > rows) while (rowsOf(all.slice(0, count)) > rows - 1) count--;
      const left = all.length - count;
      const lines = left > 0 ? [...all.slice(0, count), `and ${counted(left, 'more line')}`] : all;
      out.write(`${erase()}${lines.join('\n')}\n`);
      drawn = rowsOf(lines);
    },
    clear() {
      out.write(erase());
      drawn = 0;
    },
  };
}

/** Rows of the terminal: a word of a command that is wider than the terminal takes several. */
function rowsTaken(lines: readonly string[], columns = Infinity): number {
  const widths = lines.map((line) => stripVTControlCharacters(line).length);
  return widths.reduce((rows, width) => rows + Math.max(1, Math.ceil(width / columns)), 0);
}
