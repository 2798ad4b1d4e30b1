import { styleText } from 'node:util';
import type { Row, Waterfall } from '../analysis/waterfall.ts';
import { drawBar, type Axis } from './bar.ts';
import { formatDuration } from './duration.ts';
import { escapeText } from './escape.ts';
import type { Glyphs, Look } from './look.ts';
import { padEnd, truncate, widthOf, type MeasureText } from './width.ts';

interface Columns {
  readonly label: number;
  /** 0: the column is left out. */
  readonly self: number;
  readonly total: number;
  readonly bar: number;
}

/** Durations are at most 7 columns (`1.00 ms`, `999 µs`, `12m05s`, `100h59m`), and two between the columns. */
const DURATION = 8;
const GAP = 2;
/** Below this width the self times go, so that labels stay readable. */
const NARROW = 64;

/** The waterfall as lines, none wider than the look's columns, without trailing blanks. */
export function drawTree(waterfall: Waterfall, look: Look, measure: MeasureText): string[] {
  const columns = layOut(waterfall, look, measure);
  const axis: Axis = { from: waterfall.from, to: waterfall.to, cells: columns.bar };
  return [header(waterfall, columns), ...waterfall.rows.map((row) => drawRow(row, columns, axis, look, measure))];
}

function layOut(waterfall: Waterfall, look: Look, measure: MeasureText): Columns {
  const self = look.columns < NARROW ? 0 : DURATION + 1;
  const rest = look.columns - self - DURATION - 1 - GAP;
  let longest = 0;
  for (const row of waterfall.rows) {
    longest = Math.max(longest, prefixWidth(row) + widthOf(escapeText(row.label[0]), measure));
  }
  const most = Math.floor(rest * 0.56);
  const label = Math.max(Math.min(longest, most), Math.min(16, rest - 8));
  return { label, self, total: DURATION + 1, bar: Math.max(4, rest - label) };
}

const prefixWidth = (row: Row): number => row.isLast.length * 3;

function header(waterfall: Waterfall, columns: Columns): string {
  const words = [
    ' '.repeat(columns.label),
    columns.self > 0 ? 'self'.padStart(columns.self) : '',
    'total'.padStart(columns.total),
    ' '.repeat(GAP),
  ];
  return (words.join('') + ticks(waterfall, columns.bar)).trimEnd();
}

/** The axis: 0, its end at the right border, and between them a quarter and a half where there is room. */
function ticks(waterfall: Waterfall, cells: number): string {
  const length = waterfall.to - waterfall.from;
  const end = formatDuration(waterfall.to);
  let line = formatDuration(waterfall.from).replace(/^0 ns$/, '0');
  for (const fraction of [0.25, 0.5, 0.75]) {
    const text = formatDuration(waterfall.from + length * fraction);
    const at = Math.floor(cells * fraction);
    if (cells >= 40 && fraction !== 0.75 && line.length + 2 <= at && at + text.length + 2 <= cells - end.length) {
      line = line.padEnd(at) + text;
    }
  }
  return line.length + 1 + end.length <= cells ? line.padEnd(cells - end.length) + end : line.slice(0, cells);
}

function drawRow(row: Row, columns: Columns, axis: Axis, look: Look, measure: MeasureText): string {
  const { glyphs } = look;
  const prefix = drawPrefix(row, glyphs, columns.label);
  const sign = row.failed ? ` ${glyphs.error}` : '';
  const room = columns.label - prefix.length - sign.length;
  const label = chooseLabel(row, room, glyphs, measure) + sign;
  const own = row.self === 0 && !row.inferred ? glyphs.none : formatDuration(row.self);
  const cells = [
    prefix +
      paint(
        padEnd(label, columns.label - prefix.length, measure),
        row.failed ? 'red' : row.inferred ? 'dim' : undefined,
        look,
      ),
    columns.self > 0 ? own.padStart(columns.self) : '',
    formatDuration(row.total).padStart(columns.total),
    ' '.repeat(GAP),
    paint(drawBar(row, axis, glyphs), barColour(row), look),
  ];
  return cells.join('').trimEnd();
}

function drawPrefix(row: Row, glyphs: Glyphs, columns: number): string {
  let prefix = '';
  for (const [level, isLast] of row.isLast.entries()) {
    if (level < row.isLast.length - 1) prefix += isLast ? glyphs.blank : glyphs.trunk;
    else if (row.inferred) prefix += isLast ? glyphs.lastInferredBranch : glyphs.inferredBranch;
    else prefix += isLast ? glyphs.lastBranch : glyphs.branch;
  }
  const most = Math.max(0, columns - 8);
  if (prefix.length <= most) return prefix;
  // Deeper than the column is wide: the depth is told by a number, the branch stays.
  const depth = `${glyphs.ellipsis}${row.isLast.length} `;
  return depth + prefix.slice(-3);
}

function chooseLabel(row: Row, room: number, glyphs: Glyphs, measure: MeasureText): string {
  const wordings = row.label.map(escapeText);
  const fitting = wordings.find((text) => widthOf(text, measure) <= room);
  return fitting ?? truncate(wordings.at(-1) ?? '', room, glyphs.ellipsis, measure);
}

type Colour = 'red' | 'dim' | 'cyan' | 'yellow' | undefined;

function barColour(row: Row): Colour {
  if (row.failed) return 'red';
  if (row.inferred) return 'dim';
  return row.onCriticalPath ? 'yellow' : 'cyan';
}

function paint(text: string, colour: Colour, look: Look): string {
  return look.colour && colour !== undefined && text.trim() !== ''
    ? styleText(colour, text, { validateStream: false })
    : text;
}
