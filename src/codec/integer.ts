import { NOT_ENDED } from '../trace/ended.ts';
import { epochNanos, type EpochNanos } from '../trace/time.ts';

const INTEGER = /^-?\d+$/;
/** Digits of an integer of 64 bits, with a sign. */
const MAX_DIGITS = 20;
/** The year 2554: OTLP cannot hold a later time. */
const MAX_NANOS = 2n ** 64n - 1n;

/** A 64-bit integer, which JSON writers give as a number or as text: a number where that is exact, else a bigint. */
export function integer(value: unknown): number | bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  if (typeof value !== 'string' || value.length > MAX_DIGITS || !INTEGER.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

/** Nanoseconds since the epoch, as text or as a number. Undefined when it is neither, or negative. */
export function instantFromNanos(value: unknown): EpochNanos | undefined {
  if (typeof value === 'string' ? !isDigits(value) : !isCount(value)) return undefined;
  const instant = BigInt(value as string | number);
  return instant > MAX_NANOS ? undefined : epochNanos(instant);
}

/** Two of every span: an expression takes twice as long. */
function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return text !== '' && text.length <= MAX_DIGITS;
}

/** Microseconds since the epoch (below 2^53 until the year 2255), or a count of them. */
export function nanosFromMicros(value: unknown): bigint | undefined {
  const nanoseconds = countFromMicros(value);
  return nanoseconds !== undefined && nanoseconds > MAX_NANOS ? undefined : nanoseconds;
}

function countFromMicros(value: unknown): bigint | undefined {
  if (typeof value === 'string' ? !isDigits(value) : !isCount(value)) return undefined;
  return BigInt(value as string | number) * 1000n;
}

/**
 * The end of a span that lasts this many microseconds. Without a duration, or with a negative one, the span has not
 * ended: where the end is missing or before the start, Jaeger has the difference as 64 bits without a sign (2^63 and
 * more).
 */
export function endFromMicros(start: bigint, duration: unknown): EpochNanos | undefined {
  if (duration === undefined || duration === null) return NOT_ENDED;
  const negative =
    typeof duration === 'number' ? duration < 0 : typeof duration === 'string' && /^-\d+$/.test(duration);
  const length = negative ? undefined : countFromMicros(duration);
  if (negative || (length !== undefined && length >= NEGATIVE)) return NOT_ENDED;
  return length === undefined || start + length > MAX_NANOS ? undefined : epochNanos(start + length);
}

const NEGATIVE = 2n ** 63n * 1000n;

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** A double, also in proto3 JSON's words for what JSON cannot write: "NaN", "Infinity", "-Infinity". */
export function double(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) && value !== 'NaN' ? undefined : number;
}
