import type { Clock } from '../../runtime.ts';
import type { StreamEnd } from './exchange.ts';

const LINE_END = 0x0a;

/** Counts the lines of a response, one per event of a watch, until the wanted end. */
export class LineCount {
  #left: number;
  readonly #over = new AbortController();

  /** `onTime` is called when the response's time is over, unless it is stopped before. */
  constructor({ lines = Infinity, nanos }: StreamEnd = {}, clock: Clock, onTime: () => void) {
    this.#left = lines;
    if (nanos !== undefined) void clock.sleep(nanos / 1e6, this.#over.signal).then(onTime, () => {});
  }

  get isOver(): boolean {
    return this.#left <= 0;
  }

  /** The wanted bytes of a part of the response: everything up to the last line. */
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
