import { epochNanos, type EpochNanos } from '../../trace/time.ts';

const INTEGER = /^-?\d+$/;

/** A 64-bit integer, which JSON writers give as a number or as text: a number where that is exact, else a bigint. */
export function integer(value: unknown): number | bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  if (typeof value !== 'string' || !INTEGER.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

/** Nanoseconds since the epoch, as text or as a number. Undefined when it is neither, or negative. */
export function instantFromNanos(value: unknown): EpochNanos | undefined {
  if (typeof value === 'string' ? !isDigits(value) : !isCount(value)) return undefined;
  return epochNanos(BigInt(value as string | number));
}

/** Two of every span: an expression takes twice as long. */
function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return text !== '';
}

/** Microseconds since the epoch (below 2^53 until the year 2255), or a count of them. */
export function nanosFromMicros(value: unknown): bigint | undefined {
  if (isCount(value)) return BigInt(value) * 1000n;
  return typeof value === 'string' && isDigits(value) ? BigInt(value) * 1000n : undefined;
}

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
