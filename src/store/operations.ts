import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Chunk } from './chunk.ts';

/** More names than these are no list that anybody chooses from; a program then puts IDs into them. */
const MOST_OF_A_SERVICE = 2000;
const MOST_SERVICES = 1000;
/** How exact "seen" is: a name is not written each time that it comes. */
const REFRESH_MILLIS = 600_000;

/** The names of spans by service, as the database has them. */
export class Operations {
  /** When each was last written; by service, then by kind and name. */
  readonly #written = new Map<string, Map<string, number>>();
  /** Written, and not yet committed. */
  #pending: (readonly [service: string, key: string, seen: number])[] = [];
  readonly #insert: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      INSERT INTO operations (service, name, kind, seen) VALUES (?, ?, ?, ?)
      ON CONFLICT (service, name, kind) DO UPDATE SET seen = excluded.seen
    `);
    this.#remove = database.prepare('DELETE FROM operations WHERE seen < ?');
    for (const { service, name, kind, seen } of database.prepare('SELECT * FROM operations').all()) {
      this.#of(String(service)).set(`${String(kind)} ${String(name)}`, Number(seen));
    }
  }

  /** Within the transaction that keeps the chunks; `committed` is to follow. */
  keep(chunks: readonly Chunk[], nowMillis: number): void {
    this.#pending = [];
    for (const { service, operations } of chunks) {
      const written = this.#written.get(service);
      if (written === undefined && this.#written.size >= MOST_SERVICES) continue;
      for (const { name, kind } of operations) {
        const key = `${kind} ${name}`;
        const seen = written?.get(key);
        if (seen !== undefined && nowMillis - seen < REFRESH_MILLIS) continue;
        if (seen === undefined && written !== undefined && written.size >= MOST_OF_A_SERVICE) continue;
        this.#insert.run(service, name, kind, nowMillis);
        this.#pending.push([service, key, nowMillis]);
      }
    }
  }

  /** What was kept last is in the database now. */
  committed(): void {
    for (const [service, key, seen] of this.#pending) this.#of(service).set(key, seen);
    this.#pending = [];
  }

  /** Removes what has not been seen since. */
  forget(beforeMillis: number): void {
    // A name is written only now and then.
    const before = beforeMillis - REFRESH_MILLIS;
    this.#remove.run(before);
    for (const [service, written] of this.#written) {
      for (const [key, seen] of written) if (seen < before) written.delete(key);
      if (written.size === 0) this.#written.delete(service);
    }
  }

  #of(service: string): Map<string, number> {
    let written = this.#written.get(service);
    if (written === undefined) this.#written.set(service, (written = new Map()));
    return written;
  }
}
