import { nanos, type Nanos } from '../trace/time.ts';
import type { PlacedSpan, Trace } from '../trace/trace.ts';

/** A part of the critical path: from `from` to `to` (offsets) the command waited for this span's own work. */
export interface Section {
  readonly span: PlacedSpan;
  readonly from: Nanos;
  readonly to: Nanos;
}

interface Frame {
  readonly span: PlacedSpan;
  /** The part of the span inside its parent's window. */
  readonly from: number;
  readonly to: number;
  /** Everything from here to the end of the window is explained already. */
  cursor: number;
  /** Children by end, the latest last; taken from the end. */
  readonly pending: PlacedSpan[];
}

/**
 * The chain of span sections which, shortened, would shorten the trace: walked back from the end of the root. At each
 * point the child that ended last before it is what the parent waited for:
 *
 *     parent   |-----------------------|
 *     a          |-----|
 *     b             |-------|                still running when c starts: blocking
 *     c                     |------|         touching b is enough
 *     path     p  a  bbbbbbb ccccccc ppp
 *                 (a's part before b's start)
 *
 * A child that still runs at the cursor is concurrent with the one taken, not before it, and is passed over. A consumer
 * below a producer does not block it. The sections are contiguous, disjoint, in time order, and sum to the root's duration.
 * An explicit stack and one visit per child: depth costs no stack, and the work is linear but for sorting siblings.
 */
export function criticalPath(trace: Trace): readonly Section[] {
  const backwards: Section[] = [];
  const add = (span: PlacedSpan, from: number, to: number): void => {
    if (to <= from) return;
    const last = backwards.at(-1);
    if (last !== undefined && last.span === span && last.from === to) backwards.pop();
    const end = last !== undefined && last.span === span && last.from === to ? last.to : nanos(to);
    backwards.push({ span, from: nanos(from), to: end });
  };

  const stack: Frame[] = [frame(trace.root, trace.root.offset, trace.root.offset + trace.root.duration)];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const child = nextBlocking(top);
    if (child === undefined) {
      add(top.span, top.from, top.cursor);
      stack.pop();
      const parent = stack.at(-1);
      if (parent !== undefined) parent.cursor = top.from;
      continue;
    }
    const end = clippedEnd(child, top);
    add(top.span, Math.max(end, top.from), top.cursor);
    stack.push(frame(child, Math.max(child.offset, top.from), end));
  }
  return backwards.reverse();
}

function frame(span: PlacedSpan, from: number, to: number): Frame {
  const window = { to };
  const pending = [...span.children].sort(
    (a, b) => clippedEnd(a, window) - clippedEnd(b, window) || a.offset - b.offset,
  );
  return { span, from, to, cursor: to, pending };
}

/** A server often ends its span a little after its client has the answer: what lies outside the window does not count. */
function clippedEnd(child: PlacedSpan, window: { readonly to: number }): number {
  return Math.min(child.offset + child.duration, window.to);
}

/** The child that ended last, at or before the cursor, and inside the window. */
function nextBlocking(top: Frame): PlacedSpan | undefined {
  for (let child = top.pending.pop(); child !== undefined; child = top.pending.pop()) {
    const end = clippedEnd(child, top);
    if (end > top.cursor || child.offset >= top.cursor) continue;
    if (end <= top.from) return undefined;
    if (top.span.span.kind === 'producer' && child.span.kind === 'consumer') continue;
    return child;
  }
  return undefined;
}
