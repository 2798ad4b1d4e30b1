import { writingOTLP } from '../codec/otlp/from-json.ts';
import { JSONTooLarge } from '../codec/otlp/json-bounds.ts';
import { MalformedMessage } from '../codec/protobuf/reader.ts';
import type { Clock } from '../runtime.ts';
import type { Chunk, ChunkPlan } from '../store/chunk.ts';
import { dividing, NoMemory, RequestTooLarge, type Divided } from '../store/chunks.ts';
import { MoreThanStoreHolds, storedBytes, StoreUnavailable, type TraceStore } from '../store/trace-store.ts';
import { firstOfAll, type Steps, type Turns } from '../store/turns.ts';
import { busy } from './body.ts';
import type { ByteBudget } from './byte-budget.ts';
import type { Limits } from './limits.ts';
import type { Outcome } from './outcome.ts';
import type { ServeStats } from './serve-stats.ts';

export type Encoding = 'protobuf' | 'json';

interface Waiting {
  readonly chunks: readonly ChunkPlan[];
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
  readonly divided: Divided;
  /** How many of its chunks have been written. */
  written: number;
}

interface Planned {
  readonly one: Waiting;
  readonly plan: ChunkPlan;
  /** Size of the batch so far, in the store. */
  readonly bytes: number;
}

/** A commit takes about this long. In milliseconds. */
const COMMIT_MILLIS = 10;
/** So much of one request goes into a commit: a large one takes several, and others come in between. */
const SHARE_BYTES = 1024 * 1024;

/** Larger requests are divided one after the other, so that two of them never both run out of memory half-way. */
const LARGE_BYTES = 1024 * 1024;

export interface BatchWriterParts {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly stats: ServeStats;
  readonly turns: Turns;
  /** Planned chunks are held as well until they are stored. */
  readonly budget: ByteBudget;
}

/**
 * Stores received spans. Requests that arrive together share a commit, and each gets its response only after its last
 * commit:
 *
 *     requests  --a--b-c--------d--e-----
 *     commits   ---------(a b c)------(d e)
 *     responses --------------a b c-------d e
 */
export class BatchWriter {
  readonly #store: TraceStore;
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #stats: ServeStats;
  readonly #turns: Turns;
  readonly #budget: ByteBudget;
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;
  /** Resolves when the large requests so far are divided. */
  #large: Promise<unknown> = Promise.resolve();

  constructor(store: TraceStore, { clock, limits, stats, turns, budget }: BatchWriterParts) {
    this.#store = store;
    this.#clock = clock;
    this.#limits = limits;
    this.#stats = stats;
    this.#turns = turns;
    this.#budget = budget;
  }

  /** Resolves when the spans are stored, or cannot be. */
  async store(bytes: Buffer, encoding: Encoding): Promise<Outcome> {
    let taken = 0;
    const take = (more: number): boolean => {
      if (!this.#budget.take(more)) return false;
      taken += more;
      return true;
    };
    try {
      return await this.#storeSpans(bytes, encoding, take);
    } finally {
      this.#budget.giveBack(taken);
    }
  }

  async #storeSpans(bytes: Buffer, encoding: Encoding, take: (bytes: number) => boolean): Promise<Outcome> {
    let divided: Divided | undefined;
    try {
      const divide = (): Promise<Divided | undefined> =>
        this.#turns.run(this.#divide(bytes, encoding, take), { meter: firstOfAll() });
      divided = await (bytes.length > LARGE_BYTES ? this.#afterLarge(divide) : divide());
    } catch (error) {
      if (error instanceof MalformedMessage) return { status: 'malformed', message: error.message };
      if (error instanceof NoMemory) return busy(this.#limits);
      if (error instanceof RequestTooLarge || error instanceof JSONTooLarge) {
        return { status: 'too-large', message: error.message };
      }
      throw error;
    }
    if (divided === undefined) return { status: 'malformed', message: 'the body is no JSON object' };
    const { chunks, rejected } = divided;
    if (chunks.length === 0) {
      this.#stats.stored(divided);
      return { status: 'stored', rejected };
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ chunks, resolve, reject, divided, written: 0 });
      this.#working ??= this.#work();
    });
  }

  /** Resolves when nothing waits any more. */
  async flush(): Promise<void> {
    await this.#working;
  }

  #afterLarge<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#large.then(work);
    this.#large = result.catch(() => undefined);
    return result;
  }

  *#divide(bytes: Buffer, encoding: Encoding, take: (bytes: number) => boolean): Steps<Divided | undefined> {
    const message = encoding === 'json' ? yield* writingOTLP(bytes) : bytes;
    return message === undefined ? undefined : yield* dividing(message, { ...this.#limits, take });
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      await nextTurn();
      const batch = this.#batch();
      try {
        this.#step(batch);
      } catch (error) {
        this.#failed(new Set(batch.map(({ one }) => one)), error);
      } finally {
        this.#stats.removed(this.#store.takeRemoved(), 'size');
      }
    }
    this.#working = undefined;
  }

  /** The next commit, if there is time: of those that have not begun, and of the one whose turn it is. */
  #batch(): readonly Planned[] {
    const [first, ...others] = this.#waiting;
    const share = Math.min(SHARE_BYTES, this.#limits.chunkBytes);
    const batch: Planned[] = [];
    let bytes = 0;
    for (const waiting of [...others.filter(({ written }) => written === 0), first!]) {
      for (let at = waiting.written; at < waiting.chunks.length; at++) {
        const plan = waiting.chunks[at]!;
        const size = storedBytes(plan.bytes, plan.service);
        // One chunk in any case.
        if (bytes > 0 && bytes + size > share) break;
        bytes += size;
        batch.push({ one: waiting, plan, bytes });
      }
    }
    return batch;
  }

  /** Makes some room, or writes some chunks. */
  #step(batch: readonly Planned[]): void {
    if (this.#store.makeRoom(batch.at(-1)!.bytes)) this.#write(batch);
  }

  #write(batch: readonly Planned[]): void {
    const end = performance.now() + COMMIT_MILLIS;
    let count = 0;
    const next = (): Chunk | undefined => {
      if (count > 0 && performance.now() > end) return undefined;
      const planned = batch[count];
      if (planned !== undefined) count++;
      return planned?.plan.build();
    };
    this.#store.insert(next, Number(this.#clock.now() / 1_000_000n));
    for (const { one } of batch.slice(0, count)) {
      one.written++;
      if (one.written < one.chunks.length) continue;
      this.#stats.stored(one.divided);
      one.resolve({ status: 'stored', rejected: one.divided.rejected });
    }
    // The first one has had its share: the next is first.
    const [first, ...others] = this.#waiting;
    this.#waiting = [...others, first!].filter(({ written, chunks }) => written < chunks.length);
  }

  #failed(group: ReadonlySet<Waiting>, error: unknown): void {
    this.#waiting = this.#waiting.filter((waiting) => !group.has(waiting));
    const { retrySeconds } = this.#limits;
    for (const { resolve, reject } of group) {
      if (error instanceof StoreUnavailable) {
        resolve({ status: 'busy', message: `spans cannot be stored now: ${error.message}`, retrySeconds });
      } else if (error instanceof MoreThanStoreHolds) resolve({ status: 'too-large', message: error.message });
      else reject(error);
    }
  }
}

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
