import { nanos, nanosFromMillis, type Nanos } from '../../trace/time.ts';

/** A finding is reported when it could save at least this time, and at least this share of the trace (0 to 1). */
export interface Threshold {
  readonly nanos: Nanos;
  readonly share: number;
}

export const atLeast = (millis: number, percent: number): Threshold => ({
  nanos: nanosFromMillis(millis),
  share: percent / 100,
});

/** For findings that are not about time: always reported, in traces of any duration and from any program. */
export const ALWAYS: Threshold = { nanos: nanos(0), share: 0 };

/** A shorter trace has no findings about time. */
export const MIN_TRACE_DURATION: Nanos = nanosFromMillis(100);

/** The other limits that findings use. docs/findings.md lists them, and a test compares the two. */
export const LIMITS = {
  /** Minimum objects in a response for a list that should have been paged: kubectl's own --chunk-size. */
  unpagedObjects: 500,
  /** Minimum size of a large response, in bytes before compression. */
  largeResponseBytes: 4 * 1024 * 1024,
  /** Bytes per second before compression. An API server writes much faster than this to a client that keeps up. */
  slowClientBytesPerSecond: 4 * 1024 * 1024,
  /** Minimum number of identical or similar requests that a client could have avoided. */
  minRepeated: 10,
  /** Minimum difference between two machines' clocks that is reported. */
  clockOffset: nanosFromMillis(10),
} as const;
