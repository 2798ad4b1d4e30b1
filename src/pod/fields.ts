import { epochNanos, nanos, type EpochNanos, type Nanos } from '../trace/time.ts';

/** An object of the API as it was read: nothing is known of it but that it is JSON. */
export type APIObject = Readonly<Record<string, unknown>>;

/** An instant as the API reports it. */
export interface Instant {
  readonly at: EpochNanos;
  /** The true time is `at` or up to so much later: metav1.Time has whole seconds, MicroTime has microseconds. */
  readonly uncertainty: Nanos;
}

/** An empty object for anything else, so that paths can be followed without a check at each step. */
export const objectOf = (value: unknown): APIObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as APIObject) : {};

/** Undefined for what is no text, and for an empty one: in the API both say the same. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

export const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

export const listOf = (value: unknown): readonly APIObject[] => (Array.isArray(value) ? value.map(objectOf) : []);

export const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

const SECOND = 1_000_000_000;

/** Reads RFC 3339 with up to nine decimals. Undefined for anything else, and for Go's zero time. */
export function instantOf(value: unknown): Instant | undefined {
  const [, date = '', decimals = '', zone = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(textOf(value) ?? '') ?? [];
  const millis = Date.parse(`${date}${zone}`);
  if (!Number.isFinite(millis) || millis <= 0) return undefined;
  const instant = BigInt(millis) * 1_000_000n + BigInt(decimals.padEnd(9, '0') || '0');
  return { at: epochNanos(instant), uncertainty: nanos(SECOND / 10 ** decimals.length) };
}
