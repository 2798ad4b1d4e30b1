import { nanos, type Nanos } from '../trace/time.ts';

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  µs: 1e3,
  μs: 1e3,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

const PART = /(\d+(?:\.\d+)?)(ns|µs|μs|us|ms|s|m|h)/y;

/** A Go duration, such as `1m2.5s`; undefined for anything else, and for one of more than 104 days. */
export function goNanos(text: string): Nanos | undefined {
  if (text === '' || text.length > 40) return undefined;
  let total = 0;
  for (PART.lastIndex = 0; PART.lastIndex < text.length;) {
    const [, value, unit = ''] = PART.exec(text) ?? [];
    if (value === undefined) return undefined;
    total += Number(value) * (UNITS[unit] ?? 0);
  }
  return total <= Number.MAX_SAFE_INTEGER ? nanos(total) : undefined;
}
