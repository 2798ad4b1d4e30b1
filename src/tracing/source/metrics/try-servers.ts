import type { MetricsReading } from './reading.ts';

/** More connections than this are not opened. */
const MAX_TRIES = 5;

type Read = Extract<MetricsReading, { readonly status: 'read' }>;

/**
 * Exemplars are in the memory of the API server that served the request. The connection of the request leads to it; where
 * that is gone, new connections are opened, and a balancer may lead each to another server, or to one that was read:
 *
 *     request   |--| server 1, which closes the connection
 *     reading       |--| server 2: none     |--| server 2 again     |--| server 1: found
 *
 * `servers`: how many there are; null where the user may not know.
 */
export async function tryServers(
  first: MetricsReading,
  servers: number | null,
  readAgain: () => Promise<MetricsReading>,
): Promise<MetricsReading> {
  if (first.status !== 'read' || first.exemplars.length > 0) return first;
  if (servers === null || servers < 2) return first;
  // One that does not say when it was started counts as another one.
  const read = new Set<string | number>([first.startedAt ?? 1]);
  let last: Read = first;
  for (let tries = 2; tries <= MAX_TRIES && read.size < servers; tries++) {
    const reading = await readAgain();
    if (reading.status !== 'read') break;
    read.add(reading.startedAt ?? tries);
    last = { ...reading, tries, servers: { read: read.size, all: servers } };
    if (reading.exemplars.length > 0) break;
  }
  return last;
}
