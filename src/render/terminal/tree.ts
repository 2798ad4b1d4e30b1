import type { Row, Waterfall } from '../../analysis/rows/waterfall.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import { barDrawer } from './bar.ts';
import type { Look } from '../look.ts';
import { paint, type Colour } from './paint.ts';
import { Legend } from './legend.ts';
import { drawPrefix, PREFIX, prefixWidth } from './prefix.ts';
import { ticks } from './ticks.ts';
import { padEnd, truncate, widthOf, type MeasureText } from './width.ts';

interface Columns {
  readonly label: number;
  /** 0: the column is left out. */
  readonly self: number;
  readonly total: number;
  readonly bar: number;
}

/** Durations are at most 8 columns (`99.9 ms`, `12m05s`, `2501h59m`), and there is one or more between the columns. */
const DURATION = 9;
const GAP = '  ';
/** In the place of a duration. */
export const NO_END = 'no end';
/** Below this width the self times go, so that labels stay readable. */
const NARROW = 64;
/** Share of the width beside the durations; the bars get the rest. */
const LABEL_SHARE = 0.56;
const MIN_LABEL = 16;

export interface DrawnTree {
  /** None wider than the look's columns or with trailing blanks. */
  readonly lines: readonly string[];
  /** Meanings of the signs in them, one phrase each. */
  readonly legend: readonly string[];
}

/** `times`: which durations have a column. */
export function drawTree(
  waterfall: Waterfall,
  look: Look,
  measure: MeasureText,
  times: 'self and total' | 'total' = 'self and total',
): DrawnTree {
  const columns = layOut(waterfall, look, measure, times === 'total');
  const drawBar = barDrawer({ from: waterfall.from, to: waterfall.to, cells: columns.bar }, look.glyphs);
  const legend = new Legend(look.glyphs);
  const lines = [header(waterfall, columns, look)];
  for (const row of waterfall.rows) {
    const bar = drawBar(row);
    legend.add(row, bar);
    lines.push((drawCells(row, columns, look, measure) + paint(bar, rowColour(row), look)).trimEnd());
  }
  return { lines, legend: legend.phrases() };
}

function layOut({ rows }: Waterfall, look: Look, measure: MeasureText, totalOnly: boolean): Columns {
  const self = totalOnly || look.columns < NARROW ? 0 : DURATION;
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

function header(waterfall: Waterfall, columns: Columns, look: Look): string {
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

/** All but the bar. */
function drawCells(row: Row, columns: Columns, look: Look, measure: MeasureText): string {
  const { glyphs } = look;
  const prefix = drawPrefix(row, glyphs, columns.label - 2 * PREFIX);
  const room = columns.label - prefix.length;
  const words = chooseLabel(row, room - SIGN * signCount(row), look, measure);
  const label = `${row.found ? `${glyphs.finding} ` : ''}${words}${row.failed ? ` ${glyphs.error}` : ''}`;
  const self = row.self === 0 && !row.inferred ? glyphs.none : duration(row.self, look);
  const cells = [
    prefix,
    paint(padEnd(label, room, measure), rowColour(row), look),
    columns.self > 0 ? self.padStart(columns.self) : '',
    totalOf(row, look).padStart(columns.total),
    GAP,
  ];
  return cells.join('');
}

/** The duration of a span that has not ended is not known; a moment from another source has no duration to show. */
function totalOf(row: Row, look: Look): string {
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

/** Colour is for what a finding is about, and for what failed. */
function rowColour({ failed, found }: Row): Colour | undefined {
  if (failed) return 'red';
  return found ? 'yellow' : undefined;
}
