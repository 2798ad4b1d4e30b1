import type { MetricsReading } from './reading.ts';

/** More API servers than this are not tried, one new connection for each. */
const MAX_TRIES = 5;

type Read = Extract<MetricsReading, { readonly status: 'read' }>;

/**
 * Exemplars are in the memory of the API server that served the request. The connection of the request leads to it; where
 * that is gone, new connections are opened, and a balancer may lead each to another server:
 *
 *     request   |--| server 1, which closes the connection
 *     reading       |--| server 2: none     |--| server 1: found
 *
 * `countServers` is queried only when the first reading has found nothing.
 */
export async function tryServers(
  first: MetricsReading,
  countServers: () => Promise<number | null>,
  readAgain: () => Promise<MetricsReading>,
): Promise<MetricsReading> {
  if (first.status !== 'read' || first.exemplars.length > 0) return first;
  const servers = await countServers();
  if (servers === null || servers < 2) return first;
  let last: Read = first;
  for (let tries = 2; tries <= Math.min(servers, MAX_TRIES); tries++) {
    const reading = await readAgain();
    if (reading.status !== 'read') break;
    last = { ...reading, tries, servers };
    if (reading.exemplars.length > 0) break;
  }
  return last;
}
