import type { Clock } from '../../runtime.ts';
import type { StreamEnd } from './exchange.ts';

const LINE_END = 0x0a;

/** Counts the lines of an answer, of which a watch has one for each event, up to the end that is wanted. */
export class LineCount {
  #left: number;
  readonly #over = new AbortController();

  /** `onTime` is called when the time for the answer is over, unless that is stopped before. */
  constructor({ lines = Infinity, nanos }: StreamEnd = {}, clock: Clock, onTime: () => void) {
    this.#left = lines;
    if (nanos !== undefined) void clock.sleep(nanos / 1e6, this.#over.signal).then(onTime, () => {});
  }

  get isOver(): boolean {
    return this.#left <= 0;
  }

  /** What of a part of the answer is wanted: everything up to the last line. */
  take(chunk: Buffer): Buffer {
    if (this.#left === Infinity) return chunk;
    let at = 0;
    while (this.#left > 0) {
      const end = chunk.indexOf(LINE_END, at);
      if (end === -1) return chunk;
      at = end + 1;
      this.#left--;
    }
    return chunk.subarray(0, at);
  }

  stop(): void {
    this.#over.abort();
  }
}
