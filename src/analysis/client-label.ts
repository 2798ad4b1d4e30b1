import type { Nanos } from '../trace/time.ts';

/** `connect: TCP 0.21 ms, TLS 4.94 ms`, and shorter: the parts of making a connection, always in milliseconds. */
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
    if (value !== null && value > 0) words.push(`${name} ${(value / 1e6).toFixed(2)} ms`);
  }
  const name = words.length === 0 ? 'connect' : `connect: ${words.join(', ')}`;
  const longest = words.at(-1);
  return { name, short: longest === undefined ? 'connect' : `connect (${longest})` };
}
