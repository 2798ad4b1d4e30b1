import { nanos, nanosFromMillis, type Nanos } from '../../trace/time.ts';

/** A finding is reported when what it would save is at least this long, and at least this share of the whole (0 to 1). */
export interface Threshold {
  readonly nanos: Nanos;
  readonly share: number;
}

const from = (millis: number, percent: number): Threshold => ({
  nanos: nanosFromMillis(millis),
  share: percent / 100,
});

/** For findings that are not about time: reported whenever they are seen, also in a short trace. */
const ALWAYS: Threshold = { nanos: nanos(0), share: 0 };

/** A shorter trace has no findings about time. */
export const SHORTEST_TRACE: Nanos = nanosFromMillis(100);

/** Nothing is reported below these. docs/findings.md lists them, and a test compares the two. */
export const THRESHOLDS = {
  failure: ALWAYS,
  throttled: ALWAYS,
  'clock-offset': ALWAYS,
  'slow-webhook': from(50, 10),
  'slow-conversion-webhook': from(50, 10),
  'priority-queueing': from(50, 10),
  'slow-authentication': from(50, 10),
  'slow-authorization': from(50, 10),
  'slow-admission': from(50, 10),
  'etcd-not-answering': from(50, 10),
  'etcd-slow-commit': from(50, 10),
  'slow-etcd': from(50, 10),
  'stale-watch-cache': from(50, 10),
  'update-conflicts': from(50, 10),
  'slow-kms': from(50, 10),
  'unpaged-list': from(50, 25),
  'list-from-etcd': from(50, 25),
  'large-response': from(50, 25),
  'repeated-requests': from(50, 10),
  'n-plus-one': from(50, 10),
  'slow-client': from(100, 25),
  'slow-discovery': from(100, 25),
  'slow-network': from(100, 25),
} as const satisfies Readonly<Record<string, Threshold>>;

export type FindingID = keyof typeof THRESHOLDS;

/** The other limits that findings go by. */
export const LIMITS = {
  /** Objects of one answer from which on a list should have been paged: kubectl's own --chunk-size. */
  unpagedObjects: 500,
  /** Bytes before compression, from which on an answer is large. */
  largeResponseBytes: 4 * 1024 * 1024,
  /** Bytes before compression that the API server writes in a second to a client which keeps up: far more than this. */
  slowClientBytesPerSecond: 4 * 1024 * 1024,
  /** Requests that are identical, or of one kind, from which on they could have been fewer. */
  fewestRepeated: 10,
  /** Nanoseconds by which two machines' clocks differ that are worth a word. */
  clockOffset: nanosFromMillis(10),
} as const;
