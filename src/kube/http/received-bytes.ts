import { between, nanos, type EpochNanos, type Nanos } from '../../trace/time.ts';

/** Parts of a response below which a tenth of its bytes is not known well enough. */
const LEAST_PARTS = 10;

/** Parts that are remembered; of more, every second one is left out. */
const MAX_PARTS = 1024;

interface Part {
  readonly at: EpochNanos;
  /** Bytes of the response by then. */
  readonly bytes: number;
}

/**
 * When the parts of a response were noticed. A network that is slower than the server delivers each tenth of the bytes in the
 * same time; a server that is slower than the network does not.
 */
export class ReceivedBytes {
  #parts: Part[] = [];
  #bytes = 0;
  #every = 1;
  #count = 0;
  /** When the last part was noticed; undefined before the first. */
  last: EpochNanos | undefined;

  add(at: EpochNanos, bytes: number): void {
    this.last = at;
    this.#bytes += bytes;
    if (this.#count++ % this.#every !== 0) return;
    this.#parts.push({ at, bytes: this.#bytes });
    if (this.#parts.length < MAX_PARTS) return;
    this.#parts = this.#parts.filter((_, index) => index % 2 === 0);
    this.#every *= 2;
  }

  /** How long after `start` each tenth of the bytes was in, but for the last; null for a response of few parts. */
  tenths(start: EpochNanos): readonly Nanos[] | null {
    if (this.#parts.length < LEAST_PARTS) return null;
    const times: Nanos[] = [];
    for (const { at, bytes } of this.#parts) {
      while (times.length < 9 && bytes >= (this.#bytes * (times.length + 1)) / 10)
        times.push(nanos(Math.max(0, between(start, at))));
    }
    while (times.length < 9) times.push(nanos(Math.max(0, between(start, this.last ?? start))));
    return times;
  }
}
