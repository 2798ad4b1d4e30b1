import { hash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TraceID } from '../trace/ids.ts';
import type { Operation } from './chunk.ts';
import { storedService } from './chunks.ts';
import { textsInMessage, matching, type StoreQuery } from './query.ts';
import type { Steps } from './turns.ts';

/**
 * A stored trace in chunks, in order of arrival. Each is read on demand, so that even a large trace takes little
 * memory. A repeated request counts once.
 */
export interface StoredTrace {
  readonly traceID: TraceID;
  /** When its newest spans came, in milliseconds since the epoch. */
  readonly arrivedMillis: number;
  /** Changes with each span that comes. */
  readonly version: string;
  /** For `chunk`. Nothing of a chunk is held between two of them. */
  readonly chunks: Iterable<bigint>;
  /** The message `ResourceSpans`; undefined when it has been removed meanwhile. */
  chunk(id: bigint): Buffer | undefined;
  readonly messages: Iterable<Buffer>;
}

/** Rows that are read at a time: a fraction of a millisecond. */
const PAGE = 128;
/** A request is repeated soon: only the last chunks of a trace are compared with the next. */
const COMPARED = 500;
const HELD_BYTES = 4 * 1024 * 1024;
/** More are no list that anybody chooses from. */
const MAX_SERVICES = 10_000;

/** Reads the store: the one that is being written in this process, or one that another process writes. */
export class TraceReader {
  readonly #database: DatabaseSync;
  readonly #trace: StatementSync;
  readonly #chunks: StatementSync;
  readonly #message: StatementSync;
  readonly #traceID: StatementSync;
  readonly #held = new Map<bigint, Buffer>();
  #heldBytes = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#trace = database.prepare('SELECT id, arrived, spans FROM traces WHERE trace_id = ?');
    this.#chunks = database.prepare(`SELECT id FROM chunks WHERE trace = ? AND id > ? ORDER BY id LIMIT ${PAGE}`);
    this.#chunks.setReadBigInts(true);
    this.#message = database.prepare('SELECT message FROM chunks WHERE id = ?');
    this.#traceID = database.prepare('SELECT trace_id FROM traces WHERE id = ?');
  }

  /** Undefined when the store has no span of it. */
  trace(traceID: TraceID): StoredTrace | undefined {
    const row = this.#trace.get(traceID) as unknown as TraceRow | undefined;
    if (row === undefined || this.#page(row.id, 0n).length === 0) return undefined;
    const { id: trace, arrived, spans } = row;
    const chunk = (id: bigint): Buffer | undefined => this.#read(id);
    const chunks = { [Symbol.iterator]: () => this.#different(trace) };
    const messages = {
      *[Symbol.iterator]() {
        for (const id of chunks) {
          const message = chunk(id);
          if (message !== undefined) yield message;
        }
      },
    };
    return { traceID, arrivedMillis: arrived, version: `${arrived}-${spans}`, chunks, chunk, messages };
  }

  /** Those whose spans have arrived last, the latest first. */
  recent(limit: number): StoredTrace[] {
    // Removed traces have an arrival before all others.
    const rows = this.#database
      .prepare('SELECT trace_id FROM traces WHERE arrived >= 0 ORDER BY arrived DESC, id DESC LIMIT ?')
      .all(limit);
    return rows.flatMap((row) => this.trace(row['trace_id'] as TraceID) ?? []);
  }

  #page(trace: number, after: bigint): readonly bigint[] {
    return this.#chunks.all(trace, after).map(({ id }) => id as unknown as bigint);
  }

  /** Messages that are read in turns are read repeatedly: the last ones are cached, up to `HELD_BYTES`. */
  #read(id: bigint): Buffer | undefined {
    const known = this.#held.get(id);
    if (known !== undefined) return known;
    const bytes = this.#message.get(id)?.['message'] as Uint8Array | undefined;
    if (bytes === undefined) return undefined;
    const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#held.set(id, message);
    this.#heldBytes += message.length;
    for (const [oldest, { length }] of this.#held) {
      if (this.#heldBytes <= HELD_BYTES || oldest === id) break;
      this.#held.delete(oldest);
      this.#heldBytes -= length;
    }
    return message;
  }

  /** The chunks of a trace without those that have come before. */
  *#different(trace: number): Generator<bigint> {
    const seen = new Set<string>();
    for (let page = this.#page(trace, 0n); page.length > 0; page = this.#page(trace, page.at(-1)!)) {
      const isOnlyOne = page.length === 1 && seen.size === 0;
      for (const id of page) if (isOnlyOne || this.#isNew(id, seen)) yield id;
      if (page.length < PAGE) return;
    }
  }

  #isNew(id: bigint, seen: Set<string>): boolean {
    const message = this.#read(id);
    if (message === undefined) return false;
    const digest = hash('sha1', message, 'latin1');
    if (seen.has(digest)) return false;
    seen.add(digest);
    const [first] = seen;
    if (seen.size > COMPARED && first !== undefined) seen.delete(first);
    return true;
  }

  /** In alphabetical order. Walks the index from one service to the next. */
  *services(): Steps<string[]> {
    const next = this.#database.prepare('SELECT min(service) AS name FROM chunks WHERE service > ?');
    const names: string[] = [];
    for (let last = ''; names.length < MAX_SERVICES;) {
      const name = next.get(last)?.['name'];
      if (typeof name !== 'string') break;
      names.push((last = name));
      if (names.length % PAGE === 0) yield;
    }
    return names;
  }

  /** In alphabetical order; without a service of all of them. */
  operations(service?: string): Operation[] {
    const rows = this.#database
      .prepare('SELECT DISTINCT name, kind FROM operations WHERE ? IS NULL OR service = ? ORDER BY name, kind')
      .all(service ?? null, service === undefined ? null : storedService(service));
    return rows.map(({ name, kind }) => ({ name: String(name), kind: kind as Operation['kind'] }));
  }

  /**
   * The traces in which one span meets all conditions, the latest first. Looks at the newest spans first and stops at
   * the limit.
   */
  *search(query: StoreQuery): Steps<StoredTrace[]> {
    const texts = textsInMessage(query);
    const holdsAll = texts.map(() => ' AND instr(message, ?) > 0').join('');
    const read = this.#database.prepare(`SELECT trace FROM chunks WHERE id = ?${holdsAll}`);
    const found = new Set<number>();
    for (const ids of this.#slices(query)) {
      // Also a page of which nothing comes into question.
      yield;
      for (const id of ids) {
        yield;
        const trace = read.get(id, ...texts)?.['trace'] as number | undefined;
        if (trace === undefined || found.has(trace)) continue;
        if (!(yield* matching(() => this.#read(id), query))) continue;
        found.add(trace);
        if (found.size >= query.limit) return this.#traces(found);
      }
    }
    return this.#traces(found);
  }

  /** The IDs of chunks that may hold a span of this service and time, the newest first. Read from the index alone. */
  *#slices({ service, from, to }: StoreQuery): Generator<bigint[]> {
    const slice = this.#database.prepare(`
      SELECT id, last_start, first_start FROM chunks
      WHERE service = ? AND last_start >= ? AND (last_start, id) < (?, ?)
      ORDER BY last_start DESC, id DESC LIMIT ${PAGE}
    `);
    slice.setReadBigInts(true);
    let end: readonly [lastStart: bigint, id: bigint] = [MAX_INT64, MAX_INT64];
    for (;;) {
      const rows = slice.all(storedService(service), clamped(from), ...end) as unknown as IndexRow[];
      const last = rows.at(-1);
      if (last === undefined) return;
      // Not by SQL, which would go on for as long as it finds none.
      yield rows.filter((row) => row.first_start <= to).map(({ id }) => id);
      end = [last.last_start, last.id];
    }
  }

  #traces(found: ReadonlySet<number>): StoredTrace[] {
    return [...found].flatMap((id) => {
      // It may have been removed meanwhile.
      const traceID = this.#traceID.get(id)?.['trace_id'] as TraceID | undefined;
      return traceID === undefined || traceID.startsWith('removed') ? [] : (this.trace(traceID) ?? []);
    });
  }
}

interface TraceRow {
  readonly id: number;
  readonly arrived: number;
  readonly spans: number;
}

interface IndexRow {
  readonly id: bigint;
  readonly last_start: bigint;
  readonly first_start: bigint;
}

/** SQLite's integers end here, in the year 2262. */
const MAX_INT64 = 2n ** 63n - 1n;

const clamped = (instant: bigint): bigint => (instant < 0n ? 0n : instant > MAX_INT64 ? MAX_INT64 : instant);
