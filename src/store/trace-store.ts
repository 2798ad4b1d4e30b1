import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Chunk } from './chunk.ts';
import { inTransaction, number, openForWriting } from './database.ts';
import { Operations } from './operations.ts';
import { TraceRemover, type Removed } from './trace-remover.ts';

export type { Removed } from './trace-remover.ts';

export interface StoreLimits {
  /** Maximum size of the file; the log beside it takes up to 16 MiB more. */
  readonly maxBytes: number;
  /** Since the newest spans of a trace came. */
  readonly maxAgeMillis: number;
  /** The user that the file has to belong to; undefined: any. */
  readonly uid?: number | undefined;
}

/** Nothing was written: the disk is full, or cannot be written. It may work later. */
export class StoreUnavailable extends Error {}

/** It does not fit into the store, also into an empty one. */
export class MoreThanStoreHolds extends Error {}

/** Half-filled pages take about so much more than what is in them. */
const OVERHEAD = 1.4;
/** Rows and indexes of a chunk, which has its own trace at worst; its service is stored twice. */
const ROW_BYTES = 600;
/** SQLite needs some pages while it removes others. */
const RESERVE_BYTES = 512 * 1024;

/** The bytes that a chunk may take in the store, with everything around it. */
export const storedBytes = (message: number, service: string): number =>
  (message + 2 * service.length + ROW_BYTES) * OVERHEAD;

/** The store as the one process sees it that writes it. Every call does all its work before it returns. */
export class TraceStore {
  readonly database: DatabaseSync;
  readonly #limits: StoreLimits;
  readonly #operations: Operations;
  readonly #remover: TraceRemover;
  readonly #pageBytes: number;
  readonly #pages: StatementSync;
  readonly #freePages: StatementSync;
  readonly #insertTrace: StatementSync;
  readonly #insertChunk: StatementSync;

  /** Throws TraceCommandError when the file cannot be used. */
  constructor(path: string, limits: StoreLimits) {
    const database = openForWriting(path, limits.maxBytes, limits.uid);
    this.database = database;
    this.#limits = limits;
    this.#operations = new Operations(database, limits.maxBytes);
    this.#remover = new TraceRemover(database);
    this.#pageBytes = number(database, 'page_size');
    this.#pages = database.prepare('PRAGMA page_count');
    this.#freePages = database.prepare('PRAGMA freelist_count');
    this.#insertTrace = database.prepare(`
      INSERT INTO traces (trace_id, arrived, spans) VALUES (?, ?, ?)
      ON CONFLICT (trace_id) DO UPDATE SET arrived = excluded.arrived, spans = spans + excluded.spans
      RETURNING id
    `);
    this.#insertChunk = database.prepare(
      'INSERT INTO chunks (trace, service, first_start, last_start, message) VALUES (?, ?, ?, ?, ?)',
    );
  }

  /** The bytes of the file that hold something. */
  get usedBytes(): number {
    const [pages, free] = [this.#pages, this.#freePages].map((statement) => Number(Object.values(statement.get()!)[0]));
    return (pages! - free!) * this.#pageBytes;
  }

  /**
   * Makes room for this many bytes, as `storedBytes` counts them, a few milliseconds at a time; true when there is
   * room. Throws StoreUnavailable, and MoreThanStoreHolds where nothing is left that could make room; nothing is
   * removed for that.
   */
  makeRoom(bytes: number): boolean {
    const wanted = bytes + RESERVE_BYTES;
    if (wanted > this.#limits.maxBytes) throw new MoreThanStoreHolds(`it is more than the store may hold`);
    const isThere = (): boolean => this.usedBytes + wanted <= this.#limits.maxBytes;
    if (isThere()) return true;
    if (orUnavailable(() => this.#remover.step(Number.MAX_SAFE_INTEGER, isThere)).hasRemoved) return isThere();
    throw new StoreUnavailable('there is no room, and no trace that could make some');
  }

  /**
   * Keeps the chunks that `next` gives until it has no more, all or none; when it returns, they survive the end of this
   * process. There is to be room. Throws StoreUnavailable.
   */
  insert(next: () => Chunk | undefined, nowMillis: number): void {
    try {
      orUnavailable(() =>
        inTransaction(this.database, () => {
          for (let chunk = next(); chunk !== undefined; chunk = next()) {
            this.#insert(chunk, nowMillis);
            this.#operations.keep(chunk, nowMillis);
          }
          this.#operations.evict();
        }),
      );
    } catch (error) {
      this.#operations.rolledBack();
      throw error;
    }
    this.#operations.committed();
  }

  /** Makes room and keeps the chunks, all or none. Throws StoreUnavailable and MoreThanStoreHolds. */
  write(chunks: readonly Chunk[], nowMillis: number): void {
    const bytes = chunks.reduce((sum, { message, service }) => sum + storedBytes(message.byteLength, service), 0);
    while (!this.makeRoom(bytes));
    const left = chunks.values();
    this.insert(() => left.next().value, nowMillis);
  }

  /** The traces removed since the last call. */
  takeRemoved(): Removed {
    return this.#remover.takeRemoved();
  }

  /** Removes traces that are too old, for a few milliseconds; true when others may be left. */
  removeOld(nowMillis: number): boolean {
    const before = nowMillis - this.#limits.maxAgeMillis;
    const { mayHaveMore } = orUnavailable(() => this.#remover.step(before));
    if (!mayHaveMore) orUnavailable(() => this.#operations.forget(before));
    return mayHaveMore;
  }

  close(): void {
    this.database.close();
  }

  #insert(chunk: Chunk, nowMillis: number): void {
    const row = this.#insertTrace.get(chunk.traceID, nowMillis, chunk.spanCount);
    const { service, firstStart, lastStart, message } = chunk;
    this.#insertChunk.run(row!['id']!, service, firstStart, lastStart, message);
  }
}

/** Whatever keeps SQLite from writing: a full disk, a lost mount, a limit of the user's. */
function orUnavailable<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Error) || (cause as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR') throw cause;
    throw new StoreUnavailable(cause.message, { cause });
  }
}
