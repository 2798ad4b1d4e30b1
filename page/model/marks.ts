import { eventOffset } from '../../src/analysis/events.ts';
import type { Row } from '../../src/analysis/rows/waterfall.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { lengthOf, type Stretch } from './axis.ts';

/** What a row draws on an axis of some pixels; positions are pixels from its left end. */
export interface Marks {
  /** Its own time: pairs of start and width. */
  readonly own: readonly Segment[];
  /** From its start to its end, where the rows below it spend the rest; undefined for rows that have only own time. */
  readonly extent: Segment | undefined;
  readonly events: readonly number[];
}

export interface Segment {
  readonly x: number;
  readonly width: number;
}

/** What is shorter is still drawn this wide. */
const LEAST = 1.5;
/** Own times that are closer than this are drawn as one. */
const GAP = 0.5;

/** The marks of a row, at most one for each pixel, however many spans it stands for. */
export function marksOf(row: Row, axis: Stretch, width: number, trace: Trace): Marks {
  const scale = width / lengthOf(axis);
  const clip = (from: number, to: number): Segment | undefined => {
    const left = Math.max(0, (from - axis.from) * scale);
    const right = Math.min(width, (to - axis.from) * scale);
    if (left > width || right < 0 || right < left) return undefined;
    const drawn = Math.max(LEAST, right - left);
    return { x: Math.min(left, width - LEAST), width: drawn };
  };
  const own: { x: number; width: number }[] = [];
  for (const { from, to } of row.own) {
    const segment = clip(from, to);
    if (segment === undefined) continue;
    const last = own.at(-1);
    if (last !== undefined && segment.x <= last.x + last.width + GAP) {
      last.width = Math.max(last.width, segment.x + segment.width - last.x);
    } else own.push({ ...segment });
  }
  const extent = row.folded ? undefined : clip(row.from, row.to);
  return { own, extent, events: eventsOf(row, axis, width, trace) };
}

/** Where events of the row's spans are, each pixel once. */
function eventsOf(row: Row, axis: Stretch, width: number, trace: Trace): number[] {
  const scale = width / lengthOf(axis);
  const pixels = new Set<number>();
  for (const placed of row.spans) {
    for (const event of placed.span.events) {
      const x = Math.round((eventOffset(event, placed, trace) - axis.from) * scale);
      if (x >= 0 && x <= width) pixels.add(x);
    }
  }
  return [...pixels];
}
