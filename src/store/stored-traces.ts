import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Lookup, SearchQuery, TraceBackend } from '../backend/backend.ts';
import { decodeOTLPProtobuf } from '../codec/otlp/protobuf.ts';
import { Pool } from '../codec/pool.ts';
import { bytesField } from '../codec/protobuf/writer.ts';
import { TraceCommandError } from '../errors.ts';
import type { TraceID } from '../trace/ids.ts';
import { openForReading } from './database.ts';
import { Turns } from './turns.ts';
import { TraceReader, type StoredTrace } from './trace-reader.ts';

/** The store as a trace backend, read directly: of a serve that does not run any more, or runs elsewhere. */
export class StoredTraces implements TraceBackend {
  readonly kind = 'local';
  /** `file:///…/traces.db` */
  readonly url: string;
  readonly #path: string;
  readonly #uid: number | undefined;
  readonly #pool = new Pool();

  constructor(url: string, uid?: number) {
    this.url = url;
    this.#path = fileURLToPath(url);
    this.#uid = uid;
  }

  traceURL(): null {
    return null;
  }

  byID(id: TraceID): Promise<Lookup> {
    return this.#read((reader) => this.#found([reader.trace(id)].filter((trace) => trace !== undefined)));
  }

  search(query: SearchQuery, signal: AbortSignal): Promise<Lookup> {
    return this.#read(async (reader) => this.#found(await new Turns().run(reader.search(query), { signal })));
  }

  #found(traces: readonly StoredTrace[]): Lookup {
    const messages = traces.flatMap((trace) => [...trace.messages]);
    if (messages.length === 0) return { status: 'absent' };
    const decoded = decodeOTLPProtobuf(
      Buffer.concat(messages.flatMap((message) => bytesField(1, message))),
      this.#pool,
    );
    if (decoded !== undefined) return { status: 'found', spans: decoded.spans };
    return { status: 'failed', reason: 'StoreDamaged', message: `the trace store ${this.#path} is damaged` };
  }

  /** Opened for each look-up, so that other processes can write or remove it. */
  async #read(look: (reader: TraceReader) => Lookup | Promise<Lookup>): Promise<Lookup> {
    try {
      const database = openForReading(this.#path, this.#uid);
      try {
        return await look(new TraceReader(database));
      } finally {
        database.close();
      }
    } catch (error) {
      if (error instanceof TraceCommandError) {
        const { reason, message, hint } = error;
        return { status: 'failed', reason, message, ...(hint !== undefined && { hint }) };
      }
      return { status: 'unavailable', message: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** The address of a store, where there is one. */
export const storeURL = (path: string): string | undefined => (existsSync(path) ? pathToFileURL(path).href : undefined);
