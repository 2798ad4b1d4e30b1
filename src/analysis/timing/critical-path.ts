import { nanos, type Nanos } from '../../trace/time.ts';
import { sortPositions } from '../../trace/index/sort-positions.ts';
import type { PlacedSpan, Trace } from '../../trace/trace.ts';
import { openRows, withOpenTime, type Section } from './open-streams.ts';

export type { Section } from './open-streams.ts';

/** A span on the way down, seen through its parent's window. */
interface Frame {
  readonly span: PlacedSpan;
  readonly from: Nanos;
  readonly to: Nanos;
  /** Everything from here to the end of the window is explained already. */
  cursor: Nanos;
  /** Children by end; looked at from the last to the first. */
  readonly byEnd: readonly PlacedSpan[];
  /** How many of them have not been looked at. */
  left: number;
}

/**
 * The chain of span sections which, shortened, would shorten the trace: walked back from the end of the root. At each
 * point the child that ended last before it is the one that the parent waited for:
 *
 *     parent   |-----------------------|
 *     a          |-----|
 *     b             |-------|                still running when c starts: blocking
 *     c                     |------|         touching b is enough
 *     path     p  a  bbbbbbb ccccccc ppp
 *                 (a's part before b's start)
 *
 * A child that still runs at the cursor is concurrent with the one taken, not before it, and is passed over. A consumer
 * below a producer does not block it. A child counts only inside its parent: a server often ends its span a little
 * after its client has the response. When children end together, the one that started last is taken.
 *
 * A stream blocks nothing while it is only open, and is what remains when nothing else is waited for: open-streams.ts.
 *
 * The sections are contiguous, disjoint, in time order, and sum to the root's duration. An explicit stack and one visit
 * per child: depth costs no stack, and the work is linear but for sorting siblings by their end.
 */
export function criticalPath(trace: Trace): readonly Section[] {
  const { root } = trace;
  const open = openRows(trace);
  const backwards: { span: PlacedSpan; from: Nanos; to: Nanos }[] = [];
  const add = (span: PlacedSpan, from: Nanos, to: Nanos): void => {
    if (to <= from) return;
    const last = backwards.at(-1);
    if (last?.span === span) last.from = from;
    else backwards.push({ span, from, to });
  };

  const stack = [frame(root, root.offset, nanos(root.offset + root.duration), open)];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const child = nextBlocking(top, open);
    if (child === undefined) {
      add(top.span, top.from, top.cursor);
      stack.pop();
    } else {
      const end = endWithin(child, top.to, open);
      add(top.span, end, top.cursor);
      top.cursor = nanos(Math.max(child.offset, top.from));
      stack.push(frame(child, top.cursor, end, open));
    }
  }
  return withOpenTime(backwards.reverse(), root, open);
}

function frame(span: PlacedSpan, from: Nanos, to: Nanos, open: OpenRows): Frame {
  const byEnd = sortedByEnd(span.children, to, open);
  return { span, from, to, cursor: to, byEnd, left: byEnd.length };
}

type OpenRows = ReadonlyMap<PlacedSpan, PlacedSpan>;

/** The end of a stream is that of its initial part; the row of its open part is behind it. */
function endWithin(span: PlacedSpan, to: Nanos, open: OpenRows): Nanos {
  const row = open.size === 0 ? undefined : open.get(span);
  return nanos(Math.min(row?.offset ?? span.offset + span.duration, to));
}

/** Children come sorted by start, and one after the other they are sorted by end as well: then nothing is copied. */
function sortedByEnd(children: readonly PlacedSpan[], to: Nanos, open: OpenRows): readonly PlacedSpan[] {
  if (children.length < 2) return children;
  const ends = new Float64Array(children.length);
  const order = new Int32Array(children.length);
  let isSorted = true;
  for (let i = 0; i < children.length; i++) {
    ends[i] = endWithin(children[i] as PlacedSpan, to, open);
    order[i] = i;
    if (i > 0 && (ends[i - 1] as number) > (ends[i] as number)) isSorted = false;
  }
  if (isSorted) return children;
  sortPositions(order, 0, order.length, ends);
  return children.map((_, i) => children[order[i] as number] as PlacedSpan);
}

/** The child that ended last, at or before the cursor, and inside the window. */
function nextBlocking(top: Frame, open: OpenRows): PlacedSpan | undefined {
  while (top.left > 0) {
    const child = top.byEnd[--top.left] as PlacedSpan;
    const end = endWithin(child, top.to, open);
    if (end <= top.from) return undefined;
    if (end > top.cursor || child.offset >= top.cursor) continue;
    if (top.span.span.kind === 'producer' && child.span.kind === 'consumer') continue;
    return child;
  }
  return undefined;
}
