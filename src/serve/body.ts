import type { Readable } from 'node:stream';
import type { ByteBudget } from './byte-budget.ts';
import type { Limits } from './limits.ts';
import type { Refusal } from './outcome.ts';

/** A request's body. `release` gives its bytes back to the budget. */
export interface Body {
  readonly status: 'whole';
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
    const body = new GrowingBuffer();
    const release = (): void => budget.giveBack(body.length);
    let pieces = 0;
    let rest: NodeJS.Immediate | undefined;
    const end = (result: Body | Gone | Refusal): void => {
      clearTimeout(timer);
      clearImmediate(rest);
      source.off('data', take).off('end', finish).off('close', leave);
      if (result.status !== 'whole') release();
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
    const finish = (): void => end({ status: 'whole', bytes: body.bytes(), release });
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

/** Bytes that come in pieces. They are copied: a piece of one byte may hold on to all that came with it. */
class GrowingBuffer {
  #bytes = Buffer.alloc(0);
  length = 0;

  add(piece: Buffer): void {
    const needed = this.length + piece.length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, needed, Math.min(2 * this.length, needed + 2 ** 20)));
      this.#bytes.copy(larger, 0, 0, this.length);
      this.#bytes = larger;
    }
    piece.copy(this.#bytes, this.length);
    this.length = needed;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }
}

export function tooLarge({ messageBytes }: Limits): Refusal {
  return { status: 'too-large', message: `a request may have at most ${messageBytes} bytes, also unpacked` };
}

export function busy({ retrySeconds }: Limits): Refusal {
  return { status: 'busy', message: 'too many spans are waiting to be stored', retrySeconds };
}
