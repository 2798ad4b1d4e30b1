import type { Row, Waterfall } from '../../analysis/rows/waterfall.ts';
import { UNICODE } from '../look.ts';
import { barDrawer } from '../terminal/bar.ts';
import { rowColour } from '../terminal/tree.ts';
import { CELL, px, xOf, yOf } from './grid.ts';

/** Half the height of own time, which is solid, and of own time that nothing waited for, which is a frame. */
const HALF = 6;
const HALF_FRAME = 5;
/** No bar is narrower: own time is tall, the other kinds are thin lines. */
const MIN_WIDTH = 1.5;
const MIN_LINE = 3;

/** Classes of the picture's style, by the sign of a terminal. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  [UNICODE.own, 'o'],
  [UNICODE.concurrent, 'c'],
  [UNICODE.below, 'u'],
  [UNICODE.inferred, 'i'],
]);

/** A part of a bar that looks the same, in pixels from the start of the axis. */
interface Segment {
  readonly kind: string;
  readonly from: number;
  readonly width: number;
}

/**
 * Draws bars by the rules of a terminal whose cells are a pixel wide. `signs` are the terminal's, for the legend; a row
 * beside the axis has no bar.
 */
export function barsOf({ from, to }: Waterfall, columns: { readonly first: number; readonly count: number }) {
  const drawSigns = barDrawer({ from, to, cells: Math.floor(columns.count * CELL) }, UNICODE);
  return (row: Row, line: number): { readonly signs: string; readonly elements: readonly string[] } => {
    const signs = row.beyond === undefined ? drawSigns(row) : '';
    const colour = COLOURS.get(rowColour(row)) ?? '';
    const kinds = Map.groupBy(segmentsOf(signs), ({ kind }) => kind);
    return {
      signs,
      elements: [...kinds].map(([kind, segments]) => {
        const paths = segments.map((segment) => pathOf(segment, xOf(columns.first), yOf(line)));
        return `<path class="${kind}${colour}" d="${paths.join('')}"/>`;
      }),
    };
  };
}

const COLOURS = new Map<unknown, string>([
  ['red', ' r'],
  ['yellow', ' y'],
]);

/** Runs of equal signs; an eighth of a cell at the end of own time belongs to it. */
function segmentsOf(signs: string): Segment[] {
  const segments: Segment[] = [];
  for (let start = 0; start < signs.length;) {
    const sign = signs[start] as string;
    const eighth = UNICODE.eighths.indexOf(sign);
    let end = start + 1;
    if (eighth === -1) while (signs[end] === sign) end++;
    const kind = eighth === -1 ? CLASSES.get(sign) : 'o';
    const width = eighth === -1 ? end - start : (eighth + 1) / 8;
    const last = segments.at(-1);
    if (eighth !== -1 && last?.kind === 'o' && last.from + last.width === start)
      segments[segments.length - 1] = { ...last, width: last.width + width };
    else if (kind !== undefined) segments.push({ kind, from: start, width });
    start = end;
  }
  return segments;
}

function pathOf({ kind, from, width }: Segment, x: number, y: number): string {
  const left = x + from;
  const wide = Math.max(MIN_WIDTH, width);
  if (kind === 'o') return rectangle(left, y - HALF, wide, 2 * HALF);
  // The line of a frame lies within it.
  if (kind === 'c') return rectangle(left + 0.5, y - HALF_FRAME, Math.max(0.5, wide - 1), 2 * HALF_FRAME);
  return `M${px(left)} ${px(y)}h${px(Math.max(MIN_LINE, width))}`;
}

const rectangle = (x: number, y: number, width: number, height: number): string =>
  `M${px(x)} ${px(y)}h${px(width)}v${height}h${px(-width)}z`;

/** The bar of a component: its share of a bar that is `columns` wide. */
export function shareBar(share: number, columns: { readonly first: number; readonly count: number }, line: number) {
  const width = share * columns.count * CELL;
  return `<path class="o" d="${pathOf({ kind: 'o', from: 0, width }, xOf(columns.first), yOf(line))}"/>`;
}

/** A sign of the legend, as wide as it stands there. */
export function signSample(sign: string, columns: { readonly first: number; readonly count: number }, line: number) {
  const kind = CLASSES.get(sign) ?? '';
  const path = pathOf({ kind, from: 0, width: columns.count * CELL }, xOf(columns.first), yOf(line));
  return `<path class="${kind}" d="${path}"/>`;
}
