import { nanos, type Nanos } from '../trace/time.ts';

/** Go's units (https://pkg.go.dev/time#ParseDuration), both spellings of the micro sign. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

/** Go's int64: about 292 years. */
const MAX_NANOS = 2n ** 63n - 1n;

/**
 * Reads a duration as Go does: `1m30s`, `1.5h`, `500ms`, `0`, with a sign. Undefined for anything else, also for a
 * number without a unit. What is longer than 104 days is rounded to what a number can hold.
 */
export function parseDuration(text: string): Nanos | undefined {
  const [, sign = '', body = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (body === '0') return nanos(0);
  const part = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y;
  let total = 0n;
  while (part.lastIndex < body.length) {
    const match = part.exec(body);
    const [, whole = '', fraction = '', unit = ''] = match ?? [];
    if (match === null || whole + fraction === '') return undefined;
    const size = UNITS.get(unit)!;
    total += BigInt(whole || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length);
    if (total > MAX_NANOS) return undefined;
  }
  if (body === '') return undefined;
  return nanos(Number(sign === '-' ? -total : total));
}

/** client-go's ParseTimeout (clientcmd/client_config.go): a duration, or a whole number of seconds. */
export function parseTimeout(text: string): Nanos | undefined {
  return parseDuration(/^\d{1,9}$/.test(text) ? `${text}s` : text);
}
