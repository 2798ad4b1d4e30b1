import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { MAX_NAME_BYTES } from '../codec/otlp/span-scan.ts';
import type { Chunk } from './chunk.ts';

/** More names than these are no list that anybody chooses from; a program then puts IDs into them. */
const MAX_OF_A_SERVICE = 2000;
const MAX_SERVICES = 1000;
/** How exact "seen" is: a name is not written each time that it comes. */
const REFRESH_MILLIS = 600_000;
/** Size of a row and its place in the tree, besides the names. */
const ROW_BYTES = 32;
/** The largest part of the store that names may take. */
const SHARE = 1 / 16;
const MAX_BYTES = 4 * 1024 * 1024;

interface Written {
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  readonly seen: number;
}

/**
 * The names of spans by service, as the database has them: a bounded part of it. When there are too many, those go
 * first that were seen longest ago.
 */
export class Operations {
  /** In the order in which they were last written. */
  readonly #written = new Map<string, Written>();
  readonly #ofService = new Map<string, number>();
  readonly #mostBytes: number;
  #bytes = 0;
  /** Written, and not yet committed. */
  #pending = new Map<string, Written>();
  readonly #insert: StatementSync;
  readonly #removeOld: StatementSync;
  readonly #remove: StatementSync;

  /** `maxBytes` is the bound of the store. */
  constructor(database: DatabaseSync, maxBytes: number) {
    this.#mostBytes = Math.min(MAX_BYTES, maxBytes * SHARE);
    this.#insert = database.prepare(`
      INSERT INTO operations (service, name, kind, seen) VALUES (?, ?, ?, ?)
      ON CONFLICT (service, name, kind) DO UPDATE SET seen = excluded.seen
    `);
    this.#removeOld = database.prepare('DELETE FROM operations WHERE seen < ?');
    this.#remove = database.prepare('DELETE FROM operations WHERE service = ? AND name = ? AND kind = ?');
    // An earlier version wrote names of any length.
    database.exec(`
      DELETE FROM operations
      WHERE octet_length(name) > ${MAX_NAME_BYTES} OR octet_length(service) > ${MAX_NAME_BYTES}
    `);
    for (const row of database.prepare('SELECT * FROM operations ORDER BY seen').iterate()) {
      const { service, name, kind, seen } = row;
      this.#add({ service: String(service), name: String(name), kind: String(kind), seen: Number(seen) });
    }
    this.#evict();
  }

  /** Within the transaction that keeps the chunk; `committed` or `rolledBack` is to follow. */
  keep({ service, operations }: Chunk, nowMillis: number): void {
    const count = this.#ofService.get(service) ?? 0;
    if (count === 0 && this.#ofService.size >= MAX_SERVICES) return;
    for (const { name, kind } of operations) {
      const key = keyOf({ service, name, kind });
      const { seen } = this.#pending.get(key) ?? this.#written.get(key) ?? {};
      if (seen !== undefined && nowMillis - seen < REFRESH_MILLIS) continue;
      if (seen === undefined && count + this.#pending.size >= MAX_OF_A_SERVICE) continue;
      this.#insert.run(service, name, kind, nowMillis);
      this.#pending.set(key, { service, name, kind, seen: nowMillis });
    }
  }

  /** Makes room for the names stored in the transaction. Call it before the transaction ends. */
  evict(): void {
    for (const written of this.#pending.values()) this.#add(written);
    this.#evict();
  }

  /** The names stored last are in the database now. */
  committed(): void {
    this.#pending.clear();
  }

  /** Nothing of it is. */
  rolledBack(): void {
    for (const written of this.#pending.values()) this.#drop(written);
    this.#pending.clear();
  }

  /** Removes what has not been seen since. */
  forget(beforeMillis: number): void {
    // A name is written only now and then.
    const before = beforeMillis - REFRESH_MILLIS;
    this.#removeOld.run(before);
    for (const written of this.#written.values()) if (written.seen < before) this.#drop(written);
  }

  #evict(): void {
    for (const written of this.#written.values()) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#remove.run(written.service, written.name, written.kind);
      this.#drop(written);
    }
  }

  #add(one: Written): void {
    this.#drop(one);
    this.#written.set(keyOf(one), one);
    this.#ofService.set(one.service, (this.#ofService.get(one.service) ?? 0) + 1);
    this.#bytes += bytesOf(one);
  }

  #drop(one: Written): void {
    if (!this.#written.delete(keyOf(one))) return;
    this.#bytes -= bytesOf(one);
    const left = (this.#ofService.get(one.service) ?? 0) - 1;
    if (left > 0) this.#ofService.set(one.service, left);
    else this.#ofService.delete(one.service);
  }
}

const keyOf = ({ service, name, kind }: Omit<Written, 'seen'>): string => `${service}\0${kind} ${name}`;

const bytesOf = ({ service, name }: Written): number =>
  Buffer.byteLength(service) + Buffer.byteLength(name) + ROW_BYTES;
