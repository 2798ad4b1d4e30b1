import type { Row } from '../../analysis/rows/waterfall.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import type { Glyphs } from '../look.ts';

/** The time axis in cells. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly cells: number;
}

/**
 * Draws the bars of rows on one axis: solid where the row itself spends the time, thin where the rows below it do,
 * dotted where no span measured it. Own time is rounded to eighths of a cell, so that the rows of a cascade can be
 * distinguished:
 *
 *     cells      | 0 | 1 | 2 | 3 | 4 |
 *     own            ====      =
 *     drawn      ' ' '█' '─' '▎'
 *
 * A row that is too short to see still gets one sign, in the cell where it starts. No bar is wider than the axis or
 * ends in blanks.
 */
export function barDrawer(axis: Axis, glyphs: Glyphs): (row: Row) => string {
  const length = axis.to - axis.from;
  const scale = length <= 0 ? 0 : axis.cells / length;
  const columnOf = (time: number): number => (time - axis.from) * scale;
  const lastCell = axis.cells - 1;
  // How much of each cell is own time, 0 to 1; one more, so that the last cell has a next one. Used for every row again.
  const own = new Float64Array(axis.cells + 1);

  const cover = (from: number, to: number): void => {
    const last = Math.min(lastCell, Math.ceil(to) - 1);
    for (let cell = Math.max(0, Math.floor(from)); cell <= last; cell++) {
      own[cell] = Math.min(1, (own[cell] as number) + overlap(from, to, cell));
    }
  };

  return (row) => {
    if (row.beyond !== undefined) return beyondAxis(row, axis.cells, glyphs);
    const from = columnOf(row.from);
    const to = columnOf(row.to);
    const first = Math.min(lastCell, Math.max(0, Math.floor(from)));
    const last = Math.min(lastCell, Math.max(first, Math.ceil(to) - 1));
    own.fill(0, first, last + 2);
    for (const interval of row.own) cover(columnOf(interval.from), columnOf(interval.to));

    const draw = (cell: number): string => {
      const covered = row.folded ? 0 : overlap(from, to, cell);
      const before = cell === first ? 0 : (own[cell - 1] as number);
      return glyphFor({ before, own: own[cell] as number, next: own[cell + 1] as number, covered }, row, glyphs);
    };
    let bar = '';
    for (let cell = first; cell <= last;) {
      const glyph = draw(cell);
      const count = cell === first ? 1 : runLength(own, cell, last);
      bar += count === 1 ? glyph : glyph.repeat(count);
      cell += count;
    }
    bar = bar.trimEnd();
    const tooShort = row.inferred ? glyphs.inferred : (glyphs.eighths[0] ?? glyphs.own);
    return ' '.repeat(first) + (bar === '' ? tooShort : bar);
  };
}

/** `+3h13m →` at the right edge, `← -3h13m` at the left; where there is no room for the time, the sign. */
function beyondAxis({ beyond, from, to }: Row, cells: number, { after, before, text }: Glyphs): string {
  if (beyond === 'before') {
    const time = `${before} ${text(`-${formatDuration(-to)}`)}`;
    return time.length <= cells ? time : before;
  }
  const time = `${text(`+${formatDuration(from)}`)} ${after}`;
  return (time.length <= cells ? time : after).padStart(cells);
}

/** How many cells from `cell` on, but the last of the bar, look the same: they are inside the row, and alike full or empty. */
function runLength(own: Float64Array, cell: number, last: number): number {
  const value = own[cell];
  if (value !== 0 && value !== 1) return 1;
  let end = cell + 1;
  while (end < last && own[end] === value && own[end + 1] === value) end++;
  return end - cell;
}

/** The part of a cell that lies between `from` and `to`, all in cells. */
const overlap = (from: number, to: number, cell: number): number =>
  Math.max(0, Math.min(to, cell + 1) - Math.max(from, cell));

/** How much of a cell is filled, 0 to 1. */
interface Filled {
  /** The row's own time: in this cell, in the one before, and in the next. */
  readonly own: number;
  readonly before: number;
  readonly next: number;
  /** The row with those below it. */
  readonly covered: number;
}

function glyphFor({ own, before, next, covered }: Filled, row: Row, glyphs: Glyphs): string {
  if (row.inferred) return own >= 0.5 || covered >= 0.5 ? glyphs.inferred : ' ';
  const eighths = Math.round(own * 8);
  if (eighths >= 4) {
    if (!row.onCriticalPath) return glyphs.concurrent;
    // Eighths begin at the left: where own time begins inside the cell and goes on in the next, they would leave a hole.
    return eighths >= 8 || next > 0 ? glyphs.own : (glyphs.eighths[eighths - 1] ?? glyphs.own);
  }
  // Less than half a cell is drawn only where a solid bar ends: elsewhere what the rows below fill says more.
  if (eighths > 0 && before >= 0.5 && covered - own < 0.5) return glyphs.eighths[eighths - 1] ?? ' ';
  return covered >= 0.5 ? glyphs.below : ' ';
}
