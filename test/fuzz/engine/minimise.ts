import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure } from './messages.ts';
import { SLOW_MILLIS } from './meter.ts';
import { referenceTo, type Target } from './target.ts';
import { WorkerProcess } from './worker-process.ts';

/** Feeds single inputs to a worker, and to a new one when it has ended by one. */
export class Attempts {
  readonly #target: Target;
  readonly #hangMillis: number;
  #worker: WorkerProcess | undefined;
  #number = 0;

  constructor(target: Target, hangMillis = 5 * SLOW_MILLIS) {
    this.#target = target;
    this.#hangMillis = hangMillis;
  }

  /** How the input fails; null when it does not. */
  async failureOf(input: Buffer): Promise<Failure | null> {
    const worker = (this.#worker ??= new WorkerProcess());
    const number = ++this.#number;
    const strays: Failure[] = [];
    const giveUp = new AbortController();
    try {
      return await Promise.race([
        new Promise<Failure | null>((resolve) => {
          worker.onMessage((message) => {
            if (message.kind === 'failure') strays.push(message.failure);
            if (message.kind === 'attempted' && message.number === number)
              resolve(message.failure ?? strays[0] ?? null);
          });
          worker.send({
            kind: 'attempt',
            target: referenceTo(this.#target),
            number,
            bytes: input.toString('base64'),
          });
        }),
        worker.ended().then((how): Failure => ({ what: 'crash', message: how, index: null })),
        sleep(this.#hangMillis, undefined, { signal: giveUp.signal }).then((): Failure => ({
          what: 'hang',
          message: 'no end',
          index: null,
        })),
      ]).then(async (failure) => {
        if (failure?.what === 'crash' || failure?.what === 'hang') {
          await worker.kill();
          this.#worker = undefined;
        }
        return failure;
      });
    } finally {
      giveUp.abort();
    }
  }

  async close(): Promise<void> {
    await this.#worker?.kill();
  }
}

/** Failures of one kind and one place are one. */
export const kindOf = ({ what, message }: Failure): string => `${what} ${message.replaceAll(/\d+/g, 'N')}`;

/** Attempts and time for one failure. */
const MAX_ATTEMPTS = 300;
const MAX_MILLIS = 20_000;

/**
 * A small input that fails in the same way: parts of it are left out as long as it does, halves first. The input itself
 * when it does not fail alone, but only behind others.
 */
export async function minimise(
  attempts: Attempts,
  input: Buffer,
  failure: Failure,
): Promise<{ readonly bytes: Buffer; readonly isAlone: boolean }> {
  const fails = async (bytes: Buffer): Promise<boolean> => {
    const found = await attempts.failureOf(bytes);
    // A hang in the run may be a slow input, and a crash may have other words.
    if (found === null) return false;
    if (SEVERE.has(failure.what)) return SEVERE.has(found.what);
    return kindOf(found) === kindOf(failure);
  };
  if (!(await fails(input))) return { bytes: input, isAlone: false };
  const endsAt = performance.now() + MAX_MILLIS;
  let bytes = input;
  let left = MAX_ATTEMPTS;
  for (let size = Math.ceil(bytes.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < bytes.length;) {
      if (left-- <= 0 || performance.now() > endsAt) return { bytes, isAlone: true };
      const without = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
      if (await fails(without)) bytes = without;
      else at += size;
    }
  }
  return { bytes, isAlone: true };
}

const SEVERE: ReadonlySet<Failure['what']> = new Set(['slow', 'hang', 'crash', 'memory']);
