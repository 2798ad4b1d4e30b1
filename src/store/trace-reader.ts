import { hash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TraceID } from '../trace/ids.ts';
import type { Operation } from './chunk.ts';
import { textsInMessage, matches, type StoreQuery } from './query.ts';

/**
 * A trace as the store has it: its messages `ResourceSpans`, in the order in which they came, each read when it is asked
 * for, so that even a large trace takes little memory. A request that was repeated counts once.
 */
export interface StoredTrace {
  readonly traceID: TraceID;
  readonly messages: Iterable<Uint8Array>;
}

/** So many chunks are looked at before anything else gets its turn: some milliseconds of work. */
const SLICE = 256;

/** Reads the store: the one that is being written in this process, or one that another process writes. */
export class TraceReader {
  readonly #database: DatabaseSync;
  readonly #chunks: StatementSync;
  readonly #message: StatementSync;
  readonly #traceID: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#chunks = database.prepare(`
      SELECT id FROM chunks WHERE trace = (SELECT id FROM traces WHERE trace_id = ?) ORDER BY id
    `);
    this.#message = database.prepare('SELECT message FROM chunks WHERE id = ?');
    this.#traceID = database.prepare('SELECT trace_id FROM traces WHERE id = ?');
  }

  /** Undefined when the store has no span of it. */
  trace(traceID: TraceID): StoredTrace | undefined {
    const ids = this.#chunks.all(traceID).map(({ id }) => Number(id));
    if (ids.length === 0) return undefined;
    return { traceID, messages: { [Symbol.iterator]: () => this.#messages(ids) } };
  }

  *#messages(ids: readonly number[]): Generator<Uint8Array> {
    const seen = new Set<string>();
    for (const id of ids) {
      // It may have been removed meanwhile.
      const message = this.#message.get(id)?.['message'] as Uint8Array | undefined;
      if (message === undefined) continue;
      const digest = ids.length === 1 ? '' : hash('sha1', message);
      if (!seen.has(digest)) yield message;
      seen.add(digest);
    }
  }

  /** In alphabetical order. Walks the index from one service to the next. */
  services(): string[] {
    const rows = this.#database
      .prepare(
        `WITH RECURSIVE names (name) AS (
           SELECT min(service) FROM chunks
           UNION ALL SELECT (SELECT min(service) FROM chunks WHERE service > name) FROM names WHERE name IS NOT NULL
         ) SELECT name FROM names WHERE name IS NOT NULL`,
      )
      .all();
    return rows.map(({ name }) => String(name));
  }

  /** In alphabetical order; without a service of all of them. */
  operations(service?: string): Operation[] {
    const rows = this.#database
      .prepare('SELECT DISTINCT name, kind FROM operations WHERE ? IS NULL OR service = ? ORDER BY name, kind')
      .all(service ?? null, service ?? null);
    return rows.map(({ name, kind }) => ({ name: String(name), kind: kind as Operation['kind'] }));
  }

  /**
   * The traces in which one span is all that is asked for, the one that began last first. Looks at the newest spans
   * first and stops at the limit; others get their turn meanwhile.
   */
  async search(query: StoreQuery, signal?: AbortSignal): Promise<StoredTrace[]> {
    const texts = textsInMessage(query);
    const holdsAll = texts.map(() => ' AND instr(message, ?) > 0').join('');
    const read = this.#database.prepare(`SELECT trace, message FROM chunks WHERE id = ?${holdsAll}`);
    const found = new Set<number>();
    for await (const ids of this.#slices(query)) {
      for (const id of ids) {
        const row = read.get(id, ...texts);
        if (row === undefined || found.has(Number(row['trace']))) continue;
        if (!matches(row['message'] as Uint8Array, query)) continue;
        found.add(Number(row['trace']));
        if (found.size >= query.limit) return this.#traces(found);
      }
      signal?.throwIfAborted();
    }
    return this.#traces(found);
  }

  /** The IDs of chunks that may hold a span of this service and time, the newest first. Read from the index alone. */
  async *#slices({ service, from, to }: StoreQuery): AsyncGenerator<bigint[]> {
    const slice = this.#database.prepare(`
      SELECT id, last_start FROM chunks
      WHERE service = ? AND last_start >= ? AND (last_start, id) < (?, ?) AND first_start <= ?
      ORDER BY last_start DESC, id DESC LIMIT ${SLICE}
    `);
    slice.setReadBigInts(true);
    let end: readonly [lastStart: bigint, id: bigint] = [LARGEST, LARGEST];
    for (;;) {
      const rows = slice.all(service, clamped(from), ...end, clamped(to)) as { id: bigint; last_start: bigint }[];
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map(({ id }) => id);
      end = [last.last_start, last.id];
      await nextTurn();
    }
  }

  #traces(found: ReadonlySet<number>): StoredTrace[] {
    return [...found].flatMap((id) => {
      // It may have been removed meanwhile.
      const traceID = this.#traceID.get(id)?.['trace_id'] as TraceID | undefined;
      return traceID === undefined ? [] : (this.trace(traceID) ?? []);
    });
  }
}

/** SQLite's integers end here, in the year 2262. */
const LARGEST = 2n ** 63n - 1n;

const clamped = (instant: bigint): bigint => (instant < 0n ? 0n : instant > LARGEST ? LARGEST : instant);

/** Lets everything else that is due have its turn. */
const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
