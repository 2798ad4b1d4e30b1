import type { Row } from '../analysis/waterfall.ts';
import type { Glyphs } from './look.ts';

/** The time axis in cells. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly cells: number;
}

/**
 * One row's bar: solid where the row itself spends the time, thin where the rows below it do, dotted where no span
 * measured it. Own time is kept to eighths of a cell, so that the rows of a cascade can be told apart:
 *
 *     cells      | 0 | 1 | 2 | 3 | 4 |
 *     own            ====      =
 *     drawn      ' ' ' █' '─' '▏'
 *
 * A row that is too short to see still gets one sign, in the cell where it starts. Without trailing blanks.
 */
export function drawBar(row: Row, axis: Axis, glyphs: Glyphs): string {
  const length = axis.to - axis.from;
  const scale = length <= 0 ? 0 : axis.cells / length;
  const at = (time: number): number => (time - axis.from) * scale;
  const own = new Float64Array(axis.cells);
  for (const { from, to } of row.own) cover(own, at(from), at(to));
  const whole = new Float64Array(axis.cells);
  if (!row.folded) cover(whole, at(row.from), at(row.to));

  const cells = Array.from(own, (part, cell) =>
    cellOf({ own: part, next: own[cell + 1] ?? 0, whole: whole[cell] ?? 0 }, row, glyphs),
  );
  const bar = cells.join('').trimEnd();
  if (bar !== '') return bar;
  const first = Math.min(axis.cells - 1, Math.max(0, Math.floor(at(row.from))));
  return ' '.repeat(first) + (row.inferred ? glyphs.inferred : (glyphs.eighths[0] ?? glyphs.own));
}

/** Adds the part of every cell that lies between `from` and `to`, both in cells. */
function cover(cells: Float64Array, from: number, to: number): void {
  const first = Math.max(0, Math.floor(from));
  const last = Math.min(cells.length, Math.ceil(to)) - 1;
  for (let cell = first; cell <= last; cell++) {
    const part = Math.min(to, cell + 1) - Math.max(from, cell);
    if (part > 0) cells[cell] = Math.min(1, (cells[cell] as number) + part);
  }
}

/** How much of a cell is filled, 0 to 1: by the row itself, of the next cell by the row itself, by it and the rows below. */
interface Filled {
  readonly own: number;
  readonly next: number;
  readonly whole: number;
}

function cellOf({ own, next, whole }: Filled, row: Row, glyphs: Glyphs): string {
  if (row.inferred) return own >= 0.5 || whole >= 0.5 ? glyphs.inferred : ' ';
  const eighths = Math.round(own * 8);
  if (eighths >= 4 && !row.onCriticalPath) return glyphs.concurrent;
  // Eighths begin at the left: where own time begins inside the cell and goes on in the next, they would leave a hole.
  if (eighths >= 8 || (eighths >= 4 && next >= 0.5)) return glyphs.own;
  // Own time that fills less than half of a cell which the rows below fill too: the thin line says more.
  if (eighths >= 4 || (eighths > 0 && whole - own < 0.5 && next < 0.5)) return glyphs.eighths[eighths - 1] ?? ' ';
  return whole >= 0.5 ? glyphs.below : ' ';
}
