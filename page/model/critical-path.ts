import type { Analysis } from '../../src/analysis/analyse.ts';
import { labelOf } from '../../src/analysis/kubernetes/label.ts';
import type { PlacedSpan } from '../../src/trace/trace.ts';
import { shownText } from './look.ts';

/** A span's part of the critical path: all its sections together. */
export interface PathPart {
  readonly span: PlacedSpan;
  readonly label: string;
  readonly nanos: number;
  /** Of the path, 0 to 1. */
  readonly share: number;
}

/** The parts of the critical path by span, the largest first. They add up to the path. */
export function pathParts({ criticalPath }: Analysis): PathPart[] {
  const times = new Map<PlacedSpan, number>();
  let total = 0;
  for (const { span, from, to } of criticalPath) {
    times.set(span, (times.get(span) ?? 0) + to - from);
    total += to - from;
  }
  return [...times]
    .filter(([, nanos]) => nanos > 0)
    .map(([span, nanos]) => ({
      span,
      nanos,
      share: total === 0 ? 0 : nanos / total,
      label: shownText(labelOf(span)[0]),
    }))
    .sort((one, other) => other.nanos - one.nanos);
}
