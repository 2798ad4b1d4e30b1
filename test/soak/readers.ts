import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../fuzz/engine/random.ts';
import { repeatedly, type World } from './world.ts';

const SLOW_READERS = 20;
const SLOW_SECONDS = 15;

/** Readers that request much and read nothing: their responses must not pile up. */
export async function readSlowly(world: World, random: Random): Promise<void> {
  await Promise.all(
    Array.from({ length: SLOW_READERS }, () =>
      repeatedly(world, 100 + random.below(500), async ({ query }) => {
        const { hostname, port } = new URL(query);
        const socket = connect({ host: hostname, port: Number(port) });
        socket.on('error', () => undefined).pause();
        socket.write(
          `GET /api/traces?service=shop-${random.below(3)}&limit=1500&lookback=48h HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`,
        );
        const left = new AbortController();
        const closed = once(socket, 'close').catch(() => undefined);
        await Promise.race([
          closed,
          sleep(SLOW_SECONDS * 1000, undefined, { signal: AbortSignal.any([left.signal, world.over]) }).catch(
            () => undefined,
          ),
        ]);
        left.abort();
        socket.destroy();
        world.measures.count('slow readers');
      }),
    ),
  );
}

/** Searches for a text that no span has: every chunk is looked at. */
export const searchEverything = (world: World, random: Random): Promise<void> =>
  repeatedly(world, 200, async ({ query }) => {
    const startedAt = performance.now();
    const tags = encodeURIComponent(JSON.stringify({ needle: `none ${random.below(1000)}` }));
    const signal = AbortSignal.any([world.over, AbortSignal.timeout(60_000)]);
    const response = await fetch(`${query}/api/traces?service=shop-${random.below(3)}&tags=${tags}&lookback=48h`, {
      signal,
    });
    await response.text();
    world.measures.searches.push(performance.now() - startedAt);
    if (response.status >= 500 && response.status !== 503)
      world.measures.fault('reading', `the response to a search was ${response.status}`);
  });

/** Looks the newest traces up by their IDs. */
export const lookUp = (world: World): Promise<void> =>
  repeatedly(world, 500, async (serve) => {
    for (const [id, spans] of world.ledger.latest(2000, 3)) {
      if (world.over.aborted) return;
      const startedAt = performance.now();
      const count = await spansFound(serve.query, id);
      // A serve that has ended meanwhile is no fault.
      if (world.serve !== serve || count === undefined) return;
      world.measures.lookups.push(performance.now() - startedAt);
      if (count !== spans)
        world.measures.fault('reading', `trace ${id} was acknowledged with ${spans} spans and read with ${count}`);
    }
  });

/** How many spans of a trace are there; undefined without a response. */
export async function spansFound(query: string, traceID: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${query}/api/traces/${traceID}`, { signal: AbortSignal.timeout(10_000) });
    const { data } = (await response.json()) as {
      readonly data: readonly { readonly spans: readonly { readonly spanID: string }[] }[] | null;
    };
    if (response.status === 503 || response.status === 429) return undefined;
    return new Set(data?.[0]?.spans.map(({ spanID }) => spanID)).size;
  } catch {
    return undefined;
  }
}
