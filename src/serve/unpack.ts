import { createGunzip, gunzipSync } from 'node:zlib';
import { busy, tooLarge } from './body.ts';
import type { ByteBudget } from './byte-budget.ts';
import type { Limits } from './limits.ts';
import type { Refusal } from './outcome.ts';

/** The unpacked bytes. `release` returns them to the budget. */
export type Unpacked = { readonly status: 'complete'; readonly bytes: Buffer; release(): void } | Refusal;

/** As small as this it is unpacked at once, as long as it stays small: some milliseconds at most. */
const SMALL_BYTES = 64 * 1024;
const SMALL_UNPACKED = 1024 * 1024;
/** This many are unpacked at one time, by other threads. */
const AT_ONCE = 2;

/** Undoes the compression that a sender names, within the limits and within what the budget has left. */
export class Unpacker {
  readonly #limits: Limits;
  readonly #budget: ByteBudget;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: Limits, budget: ByteBudget) {
    this.#limits = limits;
    this.#budget = budget;
  }

  async unpack(bytes: Buffer, encoding: string | undefined): Promise<Unpacked> {
    if (encoding === undefined || encoding === '' || encoding === 'identity') return this.#counted(bytes);
    if (encoding !== 'gzip') {
      return {
        status: 'unsupported',
        message: `compression ${JSON.stringify(encoding.slice(0, 40))} is not known, gzip is`,
      };
    }
    const small = bytes.length <= SMALL_BYTES ? this.#atOnce(bytes) : undefined;
    if (small !== undefined) return small;
    if (this.#running === AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await this.#inPieces(bytes);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  #counted(bytes: Buffer): Unpacked {
    if (!this.#budget.take(bytes.length)) return busy(this.#limits);
    return { status: 'complete', bytes, release: () => this.#budget.giveBack(bytes.length) };
  }

  /** Undefined when it becomes large. */
  #atOnce(bytes: Buffer): Unpacked | undefined {
    const { messageBytes } = this.#limits;
    try {
      return this.#counted(gunzipSync(bytes, { maxOutputLength: Math.min(SMALL_UNPACKED, messageBytes) }));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') return NO_GZIP;
      return messageBytes <= SMALL_UNPACKED ? tooLarge(this.#limits) : undefined;
    }
  }

  /** Each piece is taken out of the budget before there is a next one. */
  #inPieces(bytes: Buffer): Promise<Unpacked> {
    return new Promise((resolve) => {
      const pieces: Buffer[] = [];
      let size = 0;
      const release = (): void => this.#budget.giveBack(size);
      const gunzip = createGunzip();
      const refuse = (refusal: Refusal): void => {
        gunzip.destroy();
        release();
        resolve(refusal);
      };
      gunzip.on('data', (piece: Buffer) => {
        if (gunzip.destroyed) return;
        if (size + piece.length > this.#limits.messageBytes) return refuse(tooLarge(this.#limits));
        if (!this.#budget.take(piece.length)) return refuse(busy(this.#limits));
        size += piece.length;
        pieces.push(piece);
      });
      gunzip.once('error', () => refuse(NO_GZIP));
      gunzip.once('end', () => resolve({ status: 'complete', bytes: Buffer.concat(pieces, size), release }));
      gunzip.end(bytes);
    });
  }
}

const NO_GZIP: Refusal = { status: 'malformed', message: 'the body is not gzip, or was cut off' };
