import type { Readable } from 'node:stream';
import type { ByteBudget } from './byte-budget.ts';
import type { Limits } from './limits.ts';
import type { Refusal } from './outcome.ts';

/** A request's body. `release` gives its bytes back to the budget. */
export interface Body {
  readonly status: 'complete';
  readonly bytes: Buffer;
  release(): void;
}

/** The sender has disconnected: no response is needed. */
export interface Gone {
  readonly status: 'gone';
}

/**
 * Reads a body to its end, as long as it keeps to the limits; what comes after a refusal is not read any more. The
 * source is left open, because the refusal is to be sent over it.
 */
export function readBody(source: Readable, limits: Limits, budget: ByteBudget): Promise<Body | Gone | Refusal> {
  return new Promise((resolve) => {
    const body = new Blocks();
    const release = (): void => budget.giveBack(body.length);
    let pieces = 0;
    let rest: NodeJS.Immediate | undefined;
    const end = (result: Body | Gone | Refusal): void => {
      clearTimeout(timer);
      clearImmediate(rest);
      source.off('data', take).off('end', finish).off('close', leave);
      if (result.status !== 'complete') release();
      resolve(result);
    };
    const refuse = (refusal: Refusal): void => {
      source.pause();
      end(refusal);
    };
    const take = (piece: Buffer): void => {
      if (body.length + piece.length > limits.messageBytes) return refuse(tooLarge(limits));
      if (!budget.take(piece.length)) return refuse(busy(limits));
      body.add(piece);
      pieces++;
      if (pieces % STEP === 0) takeTurns();
    };
    // Node.js reads megabytes before anything else has its turn, and each piece of them may be a byte.
    const takeTurns = (): void => {
      source.pause();
      rest = setImmediate(() => source.resume());
    };
    const finish = (): void => end({ status: 'complete', bytes: body.bytes(), release });
    const leave = (): void => end({ status: 'gone' });
    const timer = setTimeout(() => {
      const message = `the request did not arrive within ${limits.requestMillis / 1000}s`;
      refuse({ status: 'too-slow', message });
    }, limits.requestMillis);
    source.on('data', take).on('end', finish).on('close', leave);
    // A connection's fault shows as its close.
    source.on('error', () => {});
  });
}

/** Pieces of a body before other work has its turn. */
const STEP = 2000;
const FIRST_BYTES = 8 * 1024;
const MAX_BLOCK_BYTES = 256 * 1024;

/**
 * Bytes that come in pieces. They are copied: a piece of one byte may hold on to all that came with it. Blocks are as
 * large as what came before them, and never moved: growing one buffer leaves many times a large body for the collector.
 */
class Blocks {
  readonly #blocks: Buffer[] = [];
  /** In the last block. */
  #used = 0;
  length = 0;

  add(piece: Buffer): void {
    for (let from = 0; from < piece.length;) {
      let block = this.#blocks.at(-1);
      if (block === undefined || this.#used === block.length) {
        const size = Math.max(FIRST_BYTES, piece.length - from, Math.min(this.length, MAX_BLOCK_BYTES));
        block = Buffer.allocUnsafeSlow(size);
        this.#blocks.push(block);
        this.#used = 0;
      }
      const count = piece.copy(block, this.#used, from);
      from += count;
      this.#used += count;
      this.length += count;
    }
  }

  bytes(): Buffer {
    const [only, second] = this.#blocks;
    return only !== undefined && second === undefined
      ? only.subarray(0, this.length)
      : Buffer.concat(this.#blocks, this.length);
  }
}

export function tooLarge({ messageBytes }: Limits): Refusal {
  return { status: 'too-large', message: `a request may have at most ${messageBytes} bytes, also unpacked` };
}

export function busy({ retrySeconds }: Limits): Refusal {
  return { status: 'busy', message: 'too many spans are waiting to be stored', retrySeconds };
}
