import type { Row, Waterfall } from '../../analysis/rows/waterfall.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import type { Look } from '../look.ts';
import { drawPrefix, PREFIX, prefixWidth } from './prefix.ts';
import { ticks } from './ticks.ts';
import { truncate, widthOf, type MeasureText } from './width.ts';

/** Widths of a tree's columns. */
export interface TreeColumns {
  readonly label: number;
  /** 0: the column is left out. */
  readonly self: number;
  readonly total: number;
  readonly bar: number;
}

/** The texts of a row, not padded; no column has room for more. */
export interface RowCells {
  /** The lines that lead to the row. */
  readonly prefix: string;
  /** With the signs of its finding and its failure. */
  readonly label: string;
  /** Empty where the column is left out. */
  readonly self: string;
  readonly total: string;
}

/** Which durations have a column. */
export type TreeTimes = 'self and total' | 'total';

/** Durations are at most 8 columns (`99.9 ms`, `12m05s`, `2501h59m`), and there is one or more between the columns. */
const DURATION = 9;
/** Between the durations and the bar. */
export const GAP = '  ';
/** In the place of a duration. */
export const NO_END = 'no end';
/** Below this width the self times go, so that labels stay readable. */
const NARROW = 64;
/** Share of the width beside the durations; the bars get the rest. */
const LABEL_SHARE = 0.56;
const MIN_LABEL = 16;

export function treeColumns({ rows }: Waterfall, look: Look, measure: MeasureText, times: TreeTimes): TreeColumns {
  const self = times === 'total' || look.columns < NARROW ? 0 : DURATION;
  const rest = look.columns - self - DURATION - GAP.length;
  const most = Math.floor(rest * LABEL_SHARE);
  let longest = MIN_LABEL;
  for (const row of rows) {
    if (longest >= most) break;
    longest = Math.max(longest, prefixWidth(row) + labelWidth(row, most, look, measure));
  }
  const label = Math.min(longest, most);
  return { label, self, total: DURATION, bar: rest - label };
}

function labelWidth(row: Row, most: number, { glyphs }: Look, measure: MeasureText): number {
  const width = widthOf(truncate(glyphs.text(row.label[0]), most, glyphs.ellipsis, measure), measure);
  return width + SIGN * signCount(row);
}

/** The line above the rows: what the columns are, and the ticks of the axis. */
export function headerLine(waterfall: Waterfall, columns: TreeColumns, look: Look): string {
  const words = [
    ' '.repeat(columns.label),
    columns.self > 0 ? 'self'.padStart(columns.self) : '',
    'total'.padStart(columns.total),
    GAP,
    look.glyphs.text(ticks(waterfall, columns.bar)),
  ];
  return words.join('').trimEnd();
}

/** A blank and a sign: before the label of a row that a finding is about, and after that of a failed one. */
const SIGN = 2;

const signCount = ({ failed, found }: Row): number => Number(failed) + Number(found);

/** All of a row but its bar. */
export function rowCells(row: Row, columns: TreeColumns, look: Look, measure: MeasureText): RowCells {
  const { glyphs } = look;
  const prefix = drawPrefix(row, glyphs, columns.label - 2 * PREFIX);
  const words = chooseLabel(row, columns.label - prefix.length - SIGN * signCount(row), look, measure);
  return {
    prefix,
    label: `${row.found ? `${glyphs.finding} ` : ''}${words}${row.failed ? ` ${glyphs.error}` : ''}`,
    self: columns.self > 0 ? selfText(row, look) : '',
    total: totalText(row, look),
  };
}

/** Nothing at all is a dot; an inferred row has no own time that could be nothing. */
export const selfText = ({ self, inferred }: Row, look: Look): string =>
  self === 0 && !inferred ? look.glyphs.none : duration(self, look);

/** The duration of a span that has not ended is not known; a moment from another source has no duration to show. */
export function totalText(row: Row, look: Look): string {
  if (!row.ended) return NO_END;
  return row.inferred && row.total === 0 ? '' : precisionSign(row, look) + duration(row.total, look);
}

/** Exact and inferred times have none: those are the usual ones, and these are drawn in another way. */
function precisionSign({ precision }: Row, { glyphs }: Look): string {
  if (precision === 'at-most') return glyphs.atMost;
  return precision === 'length-only' ? glyphs.lengthOnly : '';
}

const duration = (nanos: number, { glyphs }: Look): string => glyphs.text(formatDuration(nanos));

function chooseLabel(row: Row, room: number, { glyphs }: Look, measure: MeasureText): string {
  let text = '';
  for (const wording of row.label) {
    text = glyphs.text(wording);
    const cut = truncate(text, room, glyphs.ellipsis, measure);
    if (cut === text) return text;
  }
  return truncate(text, room, glyphs.ellipsis, measure);
}
