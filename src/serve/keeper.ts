import { MalformedMessage } from '../backend/wire/protobuf.ts';
import { otlpFromJSON } from '../backend/wire/otlp-from-json.ts';
import type { Clock } from '../runtime.ts';
import type { Chunk } from '../store/chunk.ts';
import { divide, type Divided } from '../store/chunks.ts';
import { StoreUnavailable, type TraceStore } from '../store/trace-store.ts';
import type { Limits } from './limits.ts';
import type { Outcome } from './outcome.ts';
import type { Tally } from './tally.ts';

export type Encoding = 'protobuf' | 'json';

interface Waiting {
  readonly chunks: readonly Chunk[];
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
  readonly divided: Divided;
}

/**
 * Keeps what is received. Requests that arrive together are kept by one commit, and each is answered only after it:
 *
 *     requests  --a--b-c--------d--e-----
 *     commits   ---------(a b c)------(d e)
 *     answers   --------------a b c-------d e
 */
export class Keeper {
  readonly #store: TraceStore;
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #tally: Tally;
  #waiting: Waiting[] = [];
  #scheduled: NodeJS.Immediate | undefined;

  constructor(store: TraceStore, clock: Clock, limits: Limits, tally: Tally) {
    this.#store = store;
    this.#clock = clock;
    this.#limits = limits;
    this.#tally = tally;
  }

  /** Resolves when the spans are kept, or cannot be. */
  async keep(bytes: Buffer, encoding: Encoding): Promise<Outcome> {
    const message = encoding === 'json' ? otlpFromJSON(bytes.toString()) : bytes;
    if (message === undefined) return { status: 'malformed', message: 'the body is no JSON object' };
    let divided: Divided;
    try {
      divided = divide(message);
    } catch (error) {
      if (error instanceof MalformedMessage) return { status: 'malformed', message: error.message };
      throw error;
    }
    const { chunks, rejected } = divided;
    if (chunks.length === 0) return { status: 'kept', rejected };
    return new Promise((resolve, reject) => {
      this.#waiting.push({ chunks, resolve, reject, divided });
      this.#scheduled ??= setImmediate(() => this.flush());
    });
  }

  /** Keeps everything that waits now. */
  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const group of groups(waiting, this.#limits.messageBytes)) this.#commit(group);
  }

  #commit(group: readonly Waiting[]): void {
    try {
      this.#store.write(
        group.flatMap(({ chunks }) => chunks),
        Number(this.#clock.now() / 1_000_000n),
      );
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) {
        for (const { reject } of group) reject(error);
        return;
      }
      const { retrySeconds } = this.#limits;
      const message = `spans cannot be kept now: ${error.message}`;
      for (const { resolve } of group) resolve({ status: 'busy', message, retrySeconds });
      return;
    } finally {
      this.#tally.removed(this.#store.takeRemoved(), 'size');
    }
    for (const { divided, resolve } of group) {
      this.#tally.kept(divided);
      resolve({ status: 'kept', rejected: divided.rejected });
    }
  }
}

/** A commit holds no more than one large request, so that none takes long. */
function groups(waiting: readonly Waiting[], most: number): Waiting[][] {
  const all: Waiting[][] = [];
  let bytes = Infinity;
  for (const one of waiting) {
    const size = one.chunks.reduce((sum, { message }) => sum + message.byteLength, 0);
    if (bytes + size > most) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push(one);
    bytes += size;
  }
  return all;
}
