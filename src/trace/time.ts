/**
 * Time in two sizes. An instant since the Unix epoch in nanoseconds (about 1.8e18) does not fit a JavaScript number,
 * so it is a bigint; everything relative to a trace's start is a plain number of nanoseconds (exact up to 104 days).
 */

/** Nanoseconds since 1970-01-01T00:00:00Z. */
export type EpochNanos = bigint & { readonly __brand: 'EpochNanos' };
/** A duration, or an offset from the start of a trace, in nanoseconds; an integer. */
export type Nanos = number & { readonly __brand: 'Nanos' };

export const epochNanos = (value: bigint): EpochNanos => value as EpochNanos;
export const nanos = (value: number): Nanos => Math.round(value) as Nanos;
export const nanosFromMillis = (millis: number): Nanos => nanos(millis * 1e6);

/** The time from `start` to `end`; negative when `end` is earlier. */
export function between(start: EpochNanos, end: EpochNanos): Nanos {
  return Number(end - start) as Nanos;
}

/** As `between`; undefined when the time is too long to be exact (104 days either way). */
export function measurable(start: EpochNanos, end: EpochNanos): Nanos | undefined {
  const time = between(start, end);
  return Number.isSafeInteger(time) ? time : undefined;
}

export function after(start: EpochNanos, duration: Nanos): EpochNanos {
  return (start + BigInt(duration)) as EpochNanos;
}

/** Whether a length of time is exact, and one of the past can have been that long. */
export const isPossible = (length: Nanos, end: EpochNanos): boolean =>
  length >= 0 && Number.isSafeInteger(length) && BigInt(length) <= end;

/** The last second that RFC 3339 can write: the year has four digits. */
const LAST_SECOND = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;

/** RFC 3339 with nanoseconds, in UTC: `2026-11-23T08:00:00.000000000Z`. Later times are the last one that it can write. */
export function rfc3339(instant: EpochNanos): string {
  const seconds = Math.min(Number(instant / 1_000_000_000n), LAST_SECOND);
  const fraction = String(instant % 1_000_000_000n).padStart(9, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}
