/** A wall clock in nanoseconds. Date.now() has milliseconds; the moment it ticks is known far more exactly. */
export class EpochClock {
  #wall = 0n;
  #monotonic = 0n;

  constructor() {
    this.align();
  }

  /** Waits for the next tick, at most a millisecond. To be repeated before each measurement: the two clocks drift. */
  align(): void {
    const before = Date.now();
    let ticked = before;
    while (ticked === before) ticked = Date.now();
    this.#monotonic = process.hrtime.bigint();
    this.#wall = BigInt(ticked) * 1_000_000n;
  }

  now(): bigint {
    return this.#wall + process.hrtime.bigint() - this.#monotonic;
  }
}
