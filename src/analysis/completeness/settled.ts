import { hasEnded } from '../../trace/ended.ts';
import type { Span } from '../../trace/span.ts';
import { between, epochNanos, nanosFromMillis, type EpochNanos } from '../../trace/time.ts';
import { EXPORT_INTERVAL_MILLIS } from './judge.ts';

/** A trace that ended this long ago has arrived, whatever the clocks of its machines: there is no wait. */
export const PAST = nanosFromMillis(60_000);

/** The end of the span that ended last; undefined where one has not ended. */
export function lastEndOf(spans: readonly Span[]): EpochNanos | undefined {
  let last = epochNanos(0n);
  for (const span of spans) {
    if (!hasEnded(span)) return undefined;
    if (span.end > last) last = span.end;
  }
  return last;
}

/**
 * Whether no more spans of a trace are expected: nothing has arrived for as long as servers take to export, or it ended
 * long ago. Without the request the spans of a complete trace are not known: it can settle, never be complete.
 */
export const hasSettled = (lastEnd: EpochNanos | undefined, quietMillis: number, now: EpochNanos): boolean =>
  quietMillis >= EXPORT_INTERVAL_MILLIS || (lastEnd !== undefined && between(lastEnd, now) >= PAST);
