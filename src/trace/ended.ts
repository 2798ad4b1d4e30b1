import type { Span } from './span.ts';
import { epochNanos, measurable } from './time.ts';

/** OTLP's 0: a time that is not set. As a span's end: it has not ended, or no process has reported that it did. */
export const NOT_ENDED = epochNanos(0n);

/**
 * False where no end was reported, or one before the start, by a clock that was set back meanwhile, or 104 days after it:
 * then it is not known how long the span took, nor whether it has ended.
 */
export const hasEnded = ({ start, end }: Pick<Span, 'start' | 'end'>): boolean =>
  end > 0n && end >= start && measurable(start, end) !== undefined;
