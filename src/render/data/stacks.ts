import { labelOf } from '../../analysis/kubernetes/label.ts';
import type { PlacedSpan, Trace } from '../../trace/trace.ts';
import { escapeText } from '../escape.ts';
import { plainWidth, truncate } from '../terminal/width.ts';

/** A profiler's stack: spans with the same names above them share one. */
export interface Stack {
  readonly name: string;
  /** Empty for what no process measured. */
  readonly service: string;
  readonly parent: Stack | undefined;
  /** 1 for the root. */
  readonly depth: number;
  readonly below: Map<string, Stack>;
}

/** Viewers draw no more levels. The last one stands for everything deeper. */
const MAX_DEPTH = 100;
const MAX_NAME = 200;

/** Spans with the names of the tree, parents before their children. Linear and iterative. */
export function* spanStacks({ root }: Trace): Generator<{ readonly span: PlacedSpan; readonly stack: Stack }> {
  const top: Stack = { name: '', service: '', parent: undefined, depth: 0, below: new Map() };
  const open = [{ span: root, stack: stackBelow(top, root) }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    for (const span of next.span.children.toReversed()) open.push({ span, stack: stackBelow(next.stack, span) });
  }
}

function stackBelow(above: Stack, span: PlacedSpan): Stack {
  if (above.depth === MAX_DEPTH) return above;
  const isLast = above.depth === MAX_DEPTH - 1;
  const service = isLast || span.inferred ? '' : escapeText(span.span.resource.service);
  const name = isLast ? '…' : nameOf(span);
  const key = `${service}\0${name}`;
  let stack = above.below.get(key);
  if (stack === undefined) {
    const parent = above.depth === 0 ? undefined : above;
    stack = { name, service, parent, depth: above.depth + 1, below: new Map() };
    above.below.set(key, stack);
  }
  return stack;
}

const nameOf = (span: PlacedSpan): string =>
  truncate(escapeText(labelOf(span)[0]).trim(), MAX_NAME, '…', plainWidth) || 'no name';

/** From the root down. */
export function framesOf(stack: Stack): readonly Stack[] {
  const frames: Stack[] = [];
  for (let frame: Stack | undefined = stack; frame !== undefined; frame = frame.parent) frames.push(frame);
  return frames.reverse();
}
