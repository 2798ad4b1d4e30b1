import { setFlagsFromString } from 'node:v8';
import { untilDeadline } from '../deadline.ts';
import type { Clock } from '../runtime.ts';
import { TraceReader } from '../store/trace-reader.ts';
import { StoreUnavailable, TraceStore, type StoreLimits } from '../store/trace-store.ts';
import { Turns } from '../store/turns.ts';
import { ByteBudget } from './byte-budget.ts';
import { Connections } from './connections.ts';
import type { ServeCredentials } from './credentials.ts';
import { isLoopback, permittedAddress } from './exposure.ts';
import { Forwarder } from './forwarder.ts';
import type { Gate } from './gate.ts';
import { BatchWriter } from './batch-writer.ts';
import { fitting, LIMITS, type Limits } from './limits.ts';
import type { Address, Listener } from './listen.ts';
import type { SocketAddress } from './unix-socket.ts';
import { listenOTLP } from './listener.ts';
import { listenQuery } from './query/listener.ts';
import type { LoadDrawing } from './query/drawing.ts';
import { Pages } from './query/page.ts';
import { StartPage } from './query/start-page.ts';
import { Receiver } from './receiver.ts';
import { renewCredentials } from './renewal.ts';
import { ServeStats, type Counts } from './serve-stats.ts';

export interface ServeOptions {
  /** Where OTLP is received: over gRPC and over HTTP on each. */
  readonly otlp: readonly Address[];
  /** Where Jaeger's look-up API is served: one or several addresses. */
  readonly query: readonly (Address | SocketAddress)[];
  /** Undefined: there is neither TLS nor a token, and only loopback is listened on. */
  readonly security?: Security | undefined;
  /** 32 random bytes as hex digits: who knows them recognises this one. */
  readonly secret: string;
  /** The path of the store. */
  readonly database: string;
  readonly store: StoreLimits;
  /** Base address of another receiver of OTLP over HTTP. */
  readonly forward?: string;
  readonly limits?: Limits;
}

/** TLS and a token on every port. A unix socket has neither: its folder is its user's alone. */
export interface Security {
  readonly credentials: ServeCredentials;
  /** Spans are received on loopback as kube-apiserver and etcd send them: in plain text, without a token. */
  readonly plainLoopbackOTLP: boolean;
}

/** The outside world that it needs. */
export interface ServeWorld {
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  /** Logs events, a line at a time. A line may contain text from a sender of spans. */
  readonly say: (line: string) => void;
  readonly draw: LoadDrawing;
}

/** A receiver that runs. */
export interface Serving {
  /** `127.0.0.1:4317`, in the order of the options. */
  readonly otlp: readonly string[];
  /** `127.0.0.1:16686`, or `unix:` and the path of a socket; in the order of the options. */
  readonly query: readonly string[];
  readonly counts: Readonly<Counts>;
  /** Takes no more, keeps what it has taken, passes on what it still can, and closes the store. */
  close(): Promise<void>;
}

/** How often traces that are too old are looked for. */
const CLEANING_MILLIS = 60_000;
/** Time for --forward at the end. */
const FORWARD_GRACE_MILLIS = 5000;
/** Time for open requests at the end. */
const CLOSE_GRACE_MILLIS = 2000;

/**
 * Receives spans, stores them in a store of bounded size, and serves look-ups from it. `self` is the response at
 * SELF_PATH. Throws TraceCommandError when the store or a port cannot be used; then nothing is left running.
 */
export async function startServing(options: ServeOptions, self: object, world: ServeWorld): Promise<Serving> {
  const { forward } = options;
  const addresses = await permitted(options);
  const limits = fitting(options.limits ?? LIMITS, options.store.maxBytes);
  const { clock, fetch, say, draw } = world;
  const nowMillis = (): number => Number(clock.now() / 1_000_000n);
  keepMemorySmall();
  const store = new TraceStore(options.database, options.store);
  const stats = new ServeStats(say, nowMillis);
  const turns = new Turns();
  const budget = new ByteBudget(limits.pendingBytes);
  const writer = new BatchWriter(store, { clock, limits, stats, turns, budget });
  const forwarder = forward === undefined ? undefined : new Forwarder(forward, { limits, stats, clock, fetch });
  const receiver = new Receiver(limits, { budget, writer, stats, ...(forwarder !== undefined && { forwarder }) });
  const connections = new Connections(limits.connections);
  const listeners: Listener[] = [];
  const ended = new AbortController();
  const end = async (): Promise<void> => {
    ended.abort();
    const closed = Promise.all(listeners.map((listener) => listener.close()));
    await untilDeadline(clock, CLOSE_GRACE_MILLIS, closed).catch(() => undefined);
    for (const listener of listeners) listener.abort();
    await closed;
    await writer.flush();
    await forwarder?.close(FORWARD_GRACE_MILLIS);
    store.close();
  };
  let ending: Promise<void> | undefined;
  const close = (): Promise<void> => (ending ??= end());
  try {
    const secured: Gate | undefined = options.security && {
      credentials: options.security.credentials,
      refused: (refusal) => stats.refused(refusal),
    };
    for (const address of addresses.otlp) {
      const gate = isPlain(address, options) ? undefined : secured;
      listeners.push(await listenOTLP(address, { receiver, connections, gate }));
    }
    const reader = new TraceReader(store.database);
    const sources = {
      reader,
      turns,
      clock,
      pages: new Pages(turns, draw),
      startPage: new StartPage({ reader, turns, clock, load: draw, changes: () => stats.changes }),
      self: () => ({ ...self, ...stats.counts }),
      secret: options.secret,
    };
    const readers = new Connections(limits.readers, limits.unreadBytes);
    for (const address of addresses.query) {
      const gate = 'path' in address ? undefined : secured;
      listeners.push(await listenQuery(address, { limits, sources, connections: readers, gate }));
    }
    if (secured !== undefined) {
      void renewCredentials(secured.credentials, { listeners, clock, say, signal: ended.signal });
    }
    void cleanOld(store, { clock, stats, nowMillis, signal: ended.signal });
    const names = listeners.map(({ address }) => address);
    const { length } = options.otlp;
    return { otlp: names.slice(0, length), query: names.slice(length), counts: stats.counts, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whether spans come there in plain text, without a token. */
const isPlain = ({ host }: Address, { security }: Pick<ServeOptions, 'security'>): boolean =>
  security === undefined || (security.plainLoopbackOTLP && isLoopback(host));

/** The addresses of all names. Rejects with a TraceCommandError for one that must not be listened on. */
async function permitted(options: ServeOptions): Promise<Pick<ServeOptions, 'otlp' | 'query'>> {
  const isSecured = options.security !== undefined;
  return {
    otlp: await Promise.all(options.otlp.map((address) => permittedAddress(address, { isSecured }))),
    query: await Promise.all(
      options.query.map(async (address) => ('path' in address ? address : permittedAddress(address, { isSecured }))),
    ),
  };
}

/**
 * V8 lets the young generation grow to 64 MB twice, and the old one to four times of what is alive, on a machine with
 * much memory: beyond the 400 MB that docs/serve.md promises under attack. Here the first stays as large as it is, and
 * the second is collected when it has grown by 30 %.
 */
function keepMemorySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=30');
}

interface Cleaning {
  readonly clock: Clock;
  readonly stats: ServeStats;
  readonly nowMillis: () => number;
  readonly signal: AbortSignal;
}

/** Removes what is too old, a little at a time, so that what is received meanwhile waits for milliseconds only. */
async function cleanOld(store: TraceStore, { clock, stats, nowMillis, signal }: Cleaning): Promise<void> {
  while (!signal.aborted) {
    let more = false;
    try {
      more = store.removeOld(nowMillis());
      stats.removed(store.takeRemoved(), 'age');
    } catch (error) {
      // It is tried again, and the senders of spans get an error.
      if (!(error instanceof StoreUnavailable)) throw error;
    }
    await clock.sleep(more ? 1 : CLEANING_MILLIS, signal).catch(() => undefined);
  }
}
