import type { Clock } from '../../src/runtime.ts';
import { epochNanos, type EpochNanos } from '../../src/trace/time.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * A clock on which time passes only while every task sleeps: then it jumps to the first wake-up. `millis` is the time
 * since its start.
 */
export class FakeClock implements Clock {
  readonly startedAt: EpochNanos;
  readonly sleeps: number[] = [];
  millis = 0;
  #sleepers: Sleeper[] = [];
  #scheduled = false;

  constructor(startedAt: EpochNanos = epochNanos(1_795_478_400_000_000_000n)) {
    this.startedAt = startedAt;
  }

  now(): EpochNanos {
    return this.at(this.millis);
  }

  at(millis: number): EpochNanos {
    return epochNanos(this.startedAt + BigInt(Math.round(millis * 1e6)));
  }

  sleep(millis: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(millis);
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const sleeper: Sleeper = { at: this.millis + millis, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
        reject(signal.reason as Error);
      });
      this.#schedule();
    });
  }

  /** After everything that can go on without time has gone on. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const next = this.#sleepers.toSorted((one, other) => one.at - other.at)[0];
      if (next === undefined) return;
      this.#sleepers = this.#sleepers.filter((one) => one !== next);
      this.millis = Math.max(this.millis, next.at);
      next.wake();
      if (this.#sleepers.length > 0) this.#schedule();
    });
  }
}
