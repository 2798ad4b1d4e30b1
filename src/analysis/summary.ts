import type { Nanos } from '../trace/time.ts';
import type { PlacedSpan } from '../trace/trace.ts';
import type { Analysis } from './analyse.ts';
import { httpStatus } from './attributes.ts';

export interface SlowSpan {
  readonly span: PlacedSpan;
  readonly self: Nanos;
}

/** The spans with the most own time, the most first; of the same time the first in the tree. At most `count`. */
export function slowestSpans({ trace, self }: Analysis, count: number): readonly SlowSpan[] {
  return trace.spans
    .map((span): SlowSpan => ({ span, self: self[span.index] as Nanos }))
    .filter((time) => time.self > 0)
    .sort((a, b) => b.self - a.self)
    .slice(0, count);
}

export interface FailedSpan {
  readonly span: PlacedSpan;
  /** `HTTP 404`, or the span's own message; empty when it says nothing. */
  readonly why: string;
}

/** Every span that failed, in the tree's order. */
export function failedSpans({ failed }: Analysis): readonly FailedSpan[] {
  return failed.map((placed) => {
    const { span } = placed;
    const status = httpStatus(span) ?? 0;
    const words = [...(status >= 400 ? [`HTTP ${status}`] : []), ...(span.status.message ? [span.status.message] : [])];
    return { span: placed, why: words.join(', ') };
  });
}
