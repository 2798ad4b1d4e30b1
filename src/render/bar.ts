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
 * A row that is too short to see still gets one sign, in the cell where it starts.
 */
export function drawBar(row: Row, axis: Axis, glyphs: Glyphs): string {
  const span = axis.to - axis.from;
  const scale = span <= 0 ? 0 : axis.cells / span;
  const at = (time: number): number => (time - axis.from) * scale;
  const own = new Float64Array(axis.cells);
  for (const { from, to } of row.own) cover(own, at(from), at(to));
  const thin = new Float64Array(axis.cells);
  if (!row.folded) cover(thin, at(row.from), at(row.to));

  let bar = '';
  for (let cell = 0; cell < axis.cells; cell++) {
    bar += glyphFor(own[cell] as number, thin[cell] as number, row.inferred, glyphs);
  }
  if (bar.trim() !== '') return bar.trimEnd();
  const first = Math.min(axis.cells - 1, Math.max(0, Math.floor(at(row.from))));
  const sign = row.inferred ? glyphs.inferred : (glyphs.eighths[0] ?? glyphs.own);
  return `${' '.repeat(first)}${sign}`;
}

/** Adds the part of every cell that lies between `from` and `to`, both in cells. */
function cover(cells: Float64Array, from: number, to: number): void {
  const first = Math.max(0, Math.floor(from));
  const last = Math.min(cells.length - 1, Math.ceil(to) - 1);
  for (let cell = first; cell <= last; cell++) {
    const part = Math.min(to, cell + 1) - Math.max(from, cell);
    if (part > 0) cells[cell] = Math.min(1, (cells[cell] as number) + part);
  }
}

function glyphFor(own: number, covered: number, inferred: boolean, glyphs: Glyphs): string {
  if (inferred) return own >= 0.5 || covered >= 0.5 ? glyphs.inferred : ' ';
  const eighth = Math.round(own * 8);
  if (eighth >= 8) return glyphs.own;
  // Own time that fills less than half of a cell which the rows below fill too: the thin line says more.
  if (eighth >= 4 || (eighth > 0 && covered - own < 0.5)) return glyphs.eighths[eighth - 1] ?? ' ';
  return covered >= 0.5 ? glyphs.below : ' ';
}
