import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Chunk } from './chunk.ts';
import { inTransaction, number, openForWriting } from './database.ts';
import { Operations } from './operations.ts';

export interface StoreLimits {
  /** Of the file; the log beside it takes up to 16 MiB more. */
  readonly maxBytes: number;
  /** Since the newest spans of a trace came. */
  readonly maxAgeMillis: number;
}

/** What went to make room, whole traces at a time. */
export interface Removed {
  readonly traces: number;
  readonly spans: number;
}

/** Nothing was written: the disk is full, or cannot be written. It may work later. */
export class StoreUnavailable extends Error {}

/** Traces are removed in steps of so many, the oldest first. */
const STEP = 64;
/** Rows, indexes and half-filled pages take about so much more than the messages themselves. */
const OVERHEAD = 1.4;
/** SQLite needs some pages while it removes others. */
const RESERVE_BYTES = 512 * 1024;

/** The store as the one process sees it that writes it. Every call does all its work before it returns. */
export class TraceStore {
  readonly database: DatabaseSync;
  readonly #limits: StoreLimits;
  readonly #operations: Operations;
  readonly #pageBytes: number;
  #removed = NOTHING;
  readonly #pages: StatementSync;
  readonly #freePages: StatementSync;
  readonly #insertTrace: StatementSync;
  readonly #insertChunk: StatementSync;
  readonly #oldest: StatementSync;
  readonly #removeChunks: StatementSync;
  readonly #removeTrace: StatementSync;

  /** Throws TraceCommandError when the file cannot be used. */
  constructor(path: string, limits: StoreLimits) {
    const database = openForWriting(path, limits.maxBytes);
    this.database = database;
    this.#limits = limits;
    this.#operations = new Operations(database);
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
    this.#oldest = database.prepare(
      `SELECT id, spans FROM traces WHERE arrived < ? ORDER BY arrived, id LIMIT ${STEP}`,
    );
    this.#removeChunks = database.prepare('DELETE FROM chunks WHERE trace = ?');
    this.#removeTrace = database.prepare('DELETE FROM traces WHERE id = ?');
  }

  /** The bytes of the file that hold something. */
  get usedBytes(): number {
    const [pages, free] = [this.#pages, this.#freePages].map((statement) => Number(Object.values(statement.get()!)[0]));
    return (pages! - free!) * this.#pageBytes;
  }

  /**
   * Keeps the chunks, all or none; when it returns, they survive the end of this process. Makes room before, for which
   * traces may have gone even when it throws: `takeRemoved` tells. Throws StoreUnavailable.
   */
  write(chunks: readonly Chunk[], nowMillis: number): void {
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.message.byteLength, 0);
    const wanted = bytes * OVERHEAD + RESERVE_BYTES;
    // Nothing is removed for what does not fit even so.
    if (wanted > this.#limits.maxBytes) throw new StoreUnavailable('it is more than the store may hold');
    this.#makeRoom(wanted);
    orUnavailable(() =>
      inTransaction(this.database, () => {
        for (const chunk of chunks) this.#insert(chunk, nowMillis);
        this.#operations.keep(chunks, nowMillis);
      }),
    );
    this.#operations.committed();
  }

  /** What went since this was asked last. */
  takeRemoved(): Removed {
    const removed = this.#removed;
    this.#removed = NOTHING;
    return removed;
  }

  /** Removes the traces that are too old, some at a time; true when others may be left. */
  removeOld(nowMillis: number): boolean {
    const before = nowMillis - this.#limits.maxAgeMillis;
    const removed = orUnavailable(() => this.#removeOldest(before));
    if (removed === 0) this.#operations.forget(before);
    return removed === STEP;
  }

  close(): void {
    this.database.close();
  }

  #insert(chunk: Chunk, nowMillis: number): void {
    const row = this.#insertTrace.get(chunk.traceID, nowMillis, chunk.spanCount);
    const { service, firstStart, lastStart, message } = chunk;
    this.#insertChunk.run(row!['id']!, service, firstStart, lastStart, message);
  }

  #makeRoom(wanted: number): void {
    while (this.usedBytes + wanted > this.#limits.maxBytes) {
      if (orUnavailable(() => this.#removeOldest(Number.MAX_SAFE_INTEGER)) === 0) return;
    }
  }

  /** How many traces went, at most STEP. */
  #removeOldest(before: number): number {
    const rows = this.#oldest.all(before);
    if (rows.length === 0) return 0;
    inTransaction(this.database, () => {
      for (const { id } of rows) {
        this.#removeChunks.run(id!);
        this.#removeTrace.run(id!);
      }
    });
    const { traces, spans } = this.#removed;
    this.#removed = {
      traces: traces + rows.length,
      spans: spans + rows.reduce((sum, row) => sum + Number(row['spans']), 0),
    };
    return rows.length;
  }
}

const NOTHING: Removed = { traces: 0, spans: 0 };

/** Whatever keeps SQLite from writing: a full disk, a lost mount, a limit of the user's. */
function orUnavailable<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Error) || (cause as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR') throw cause;
    throw new StoreUnavailable(cause.message, { cause });
  }
}
