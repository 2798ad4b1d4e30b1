import type { Readable } from 'node:stream';
import type { Budget } from './budget.ts';
import type { Limits } from './limits.ts';
import type { Refusal } from './outcome.ts';

/** A request's body. Whoever has it gives its bytes back to the budget. */
export interface Body {
  readonly status: 'whole';
  readonly bytes: Buffer;
  release(): void;
}

/** The sender has gone, and nobody is there to be answered. */
export interface Gone {
  readonly status: 'gone';
}

/**
 * Reads a body to its end, as long as it keeps to the limits; what comes after a refusal is not read any more. The
 * source is left open, because the refusal is to be sent over it.
 */
export function readBody(source: Readable, limits: Limits, budget: Budget): Promise<Body | Gone | Refusal> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const release = (): void => budget.giveBack(size);
    const end = (result: Body | Gone | Refusal): void => {
      clearTimeout(timer);
      source.off('data', take).off('end', finish).off('close', leave);
      if (result.status !== 'whole') release();
      resolve(result);
    };
    const refuse = (refusal: Refusal): void => {
      source.pause();
      end(refusal);
    };
    const take = (chunk: Buffer): void => {
      if (size + chunk.length > limits.messageBytes) return refuse(tooLarge(limits));
      if (!budget.take(chunk.length)) return refuse(busy(limits));
      size += chunk.length;
      chunks.push(chunk);
    };
    const finish = (): void => end({ status: 'whole', bytes: Buffer.concat(chunks, size), release });
    const leave = (): void => end({ status: 'gone' });
    const timer = setTimeout(() => {
      const message = `the request did not arrive within ${limits.requestMillis / 1000}s`;
      refuse({ status: 'too-slow', message });
    }, limits.requestMillis);
    source.on('data', take).on('end', finish).on('close', leave);
    // What is wrong with a connection shows as its close.
    source.on('error', () => {});
  });
}

export function tooLarge({ messageBytes }: Limits): Refusal {
  return { status: 'too-large', message: `a request may have at most ${messageBytes} bytes, also unpacked` };
}

export function busy({ retrySeconds }: Limits): Refusal {
  return { status: 'busy', message: 'too many spans are waiting to be kept', retrySeconds };
}
