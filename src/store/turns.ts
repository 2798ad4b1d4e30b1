/** Time that has been spent on something, so that others come first. In milliseconds. */
export interface Meter {
  spent: number;
}

/** The meter of work that comes before all other work until it has used this much time: storing spans. */
export const firstOfAll = (): Meter => ({ spent: -50 });

export interface TurnOptions {
  readonly signal?: AbortSignal;
  readonly meter?: Meter;
}

/** Work that pauses often: each step takes a few milliseconds at most. */
export type Steps<T> = Generator<void, T>;

/** Length of one turn; after it everything that has arrived meanwhile is read. In milliseconds. */
const TURN_MILLIS = 4;
/** Share of one waiting task, before the next is chosen. */
const SHARE_MILLIS = 1;

interface Job {
  readonly meter: Meter;
  /** Takes a step; true when the work has ended, however it did. */
  step(): boolean;
}

/**
 * Shares one thread. Of the work that waits, the one that has had the least time so far goes on, a step at a time: what
 * is short is done at once, however much there is that takes long. Between two turns the event loop does everything
 * else.
 */
export class Turns {
  readonly #jobs = new Set<Job>();
  #scheduled = false;

  /** Work that is one step. */
  once<T>(work: () => T, options: TurnOptions = {}): Promise<T> {
    return this.#add(() => ({ done: true, value: work() }), options);
  }

  /** Rejects with what the work throws, or with the reason of the signal. `meter` is shared by what belongs together. */
  run<T>(steps: Steps<T>, options: TurnOptions = {}): Promise<T> {
    return this.#add(() => steps.next(), options);
  }

  #add<T>(next: () => IteratorResult<void, T>, { signal, meter = { spent: 0 } }: TurnOptions): Promise<T> {
    return new Promise((resolve, reject) => {
      const step = (): boolean => {
        try {
          signal?.throwIfAborted();
          const { done, value } = next();
          if (done === true) resolve(value);
          return done === true;
        } catch (error) {
          reject(error);
          return true;
        }
      };
      this.#jobs.add({ meter, step });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#jobs.size === 0) return;
    this.#scheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    const end = performance.now() + TURN_MILLIS;
    let from = performance.now();
    while (from < end) {
      const job = this.#next();
      if (job === undefined) break;
      const share = Math.min(end, from + SHARE_MILLIS);
      let now = from;
      for (let ended = false; !ended && now < share; now = performance.now()) {
        ended = job.step();
        if (ended) this.#jobs.delete(job);
      }
      job.meter.spent += now - from;
      from = now;
    }
    this.#schedule();
  }

  #next(): Job | undefined {
    let next: Job | undefined;
    for (const job of this.#jobs) if (next === undefined || job.meter.spent < next.meter.spent) next = job;
    return next;
  }
}
