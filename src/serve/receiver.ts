import type { Readable } from 'node:stream';
import { readBody } from './body.ts';
import type { ByteBudget } from './byte-budget.ts';
import type { Forwarder } from './forwarder.ts';
import type { Encoding, BatchWriter } from './batch-writer.ts';
import type { Limits } from './limits.ts';
import type { Outcome, Refusal } from './outcome.ts';
import type { ServeStats } from './serve-stats.ts';
import { Unpacker, type Unpacked } from './unpack.ts';

/** A request as its protocol has it: HTTP's body, or gRPC's frame around it. */
export interface Incoming {
  readonly source: Readable;
  readonly encoding: Encoding;
  /** Takes the message out of the body, with the name of its compression. */
  readonly open: (body: Buffer) => { readonly message: Buffer; readonly compression: string | undefined } | Refusal;
}

/** Takes requests in, whatever protocol they come by: reads, unpacks, keeps, passes on. */
export class Receiver {
  readonly limits: Limits;
  readonly #budget: ByteBudget;
  readonly #unpacker: Unpacker;
  readonly #writer: BatchWriter;
  readonly #stats: ServeStats;
  readonly #forwarder: Forwarder | undefined;

  constructor(
    limits: Limits,
    parts: {
      readonly budget: ByteBudget;
      readonly writer: BatchWriter;
      readonly stats: ServeStats;
      readonly forwarder?: Forwarder;
    },
  ) {
    this.limits = limits;
    this.#budget = parts.budget;
    this.#unpacker = new Unpacker(limits, parts.budget);
    this.#writer = parts.writer;
    this.#stats = parts.stats;
    this.#forwarder = parts.forwarder;
  }

  /** Undefined when the sender has gone before the end of its request. */
  async receive(incoming: Incoming): Promise<Outcome | undefined> {
    // A request that this program fails on must not end it for all others.
    const outcome = await this.#receive(incoming).catch((error: unknown): Outcome => {
      return { status: 'failed', message: `internal error: ${error instanceof Error ? error.message : String(error)}` };
    });
    if (outcome !== undefined && outcome.status !== 'stored') this.#stats.refused(outcome);
    return outcome;
  }

  async #receive({ source, encoding, open }: Incoming): Promise<Outcome | undefined> {
    const body = await readBody(source, this.limits, this.#budget);
    if (body.status === 'gone') return undefined;
    if (body.status !== 'complete') return body;
    try {
      const opened = open(body.bytes);
      if ('status' in opened) return opened;
      const unpacked = await this.#unpacker.unpack(opened.message, opened.compression);
      if (unpacked.status !== 'complete') return unpacked;
      return await this.#store(unpacked, encoding);
    } finally {
      body.release();
    }
  }

  async #store({ bytes, release }: Complete, encoding: Encoding): Promise<Outcome> {
    try {
      const outcome = await this.#writer.store(bytes, encoding);
      if (outcome.status === 'stored') this.#forwarder?.add(bytes, encoding);
      return outcome;
    } finally {
      release();
    }
  }
}

type Complete = Extract<Unpacked, { readonly status: 'complete' }>;
