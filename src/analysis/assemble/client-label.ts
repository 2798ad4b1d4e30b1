import type { Nanos } from '../../trace/time.ts';
import { formatDuration } from '../wording/duration.ts';

/** `connect: TCP 210 µs, TLS 4.94 ms`, and shorter: the parts of making a connection. */
export function formatParts(parts: {
  readonly dns: Nanos | null;
  readonly connect: Nanos | null;
  readonly tls: Nanos | null;
}): { name: string; short: string } {
  const words: string[] = [];
  for (const [name, value] of [
    ['DNS', parts.dns],
    ['TCP', parts.connect],
    ['TLS', parts.tls],
  ] as const) {
    if (value !== null && value > 0) words.push(`${name} ${formatDuration(value)}`);
  }
  const name = words.length === 0 ? 'connect' : `connect: ${words.join(', ')}`;
  const longest = words.at(-1);
  return { name, short: longest === undefined ? 'connect' : `connect (${longest})` };
}
