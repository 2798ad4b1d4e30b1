const ticks = 8;

/** A wall clock in nanoseconds. Date.now() has milliseconds; the moment it ticks is known far more exactly. */
export class EpochClock {
  /** From the monotonic clock to the wall clock. */
  #offset = 0n;

  constructor() {
    this.align();
  }

  /**
   * Watches a few ticks, for as many milliseconds. To be repeated before each measurement: the two clocks drift. A tick
   * that is noticed late makes the offset too small, never too large, so the largest is the best.
   */
  align(): void {
    const offsets = Array.from({ length: ticks }, () => {
      const before = Date.now();
      let ticked = before;
      while (ticked === before) ticked = Date.now();
      return BigInt(ticked) * 1_000_000n - process.hrtime.bigint();
    });
    this.#offset = offsets.reduce((one, other) => (one > other ? one : other));
  }

  now(): bigint {
    return process.hrtime.bigint() + this.#offset;
  }
}
