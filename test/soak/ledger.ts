import { findAll } from '../support/otlp-load.ts';

interface Acknowledged {
  readonly spans: number;
  /** In milliseconds, by performance.now(). */
  readonly at: number;
}

/** How many traces one look into the store is for. */
const CHUNK = 500;

/** Traces that `serve` has acknowledged. Each is sent by one export, in one piece. */
export class Ledger {
  readonly #traces = new Map<string, Acknowledged>();
  spans = 0;

  add(traceID: string, spans: number): void {
    this.#traces.set(traceID, { spans, at: performance.now() });
    this.spans += spans;
  }

  get size(): number {
    return this.#traces.size;
  }

  /** Those of the last `millis`, the newest `most` of them. */
  latest(millis: number, most: number): ReadonlyMap<string, number> {
    const from = performance.now() - millis;
    const recent = [...this.#traces].filter(([, { at }]) => at >= from).slice(-most);
    return new Map(recent.map(([id, { spans }]) => [id, spans]));
  }

  /**
   * Looks for every trace in the store, from the oldest. The bound removes the oldest first, so that traces may be missing
   * at the beginning and nowhere else: `lost` are the missing ones behind a part that is there.
   */
  compare(database: string): {
    readonly whole: number;
    readonly cut: number;
    readonly removed: number;
    readonly lost: number;
  } {
    const sum = { whole: 0, cut: 0, removed: 0, lost: 0 };
    const all = [...this.#traces];
    let wholeChunks = 0;
    for (let from = 0; from < all.length; from += CHUNK) {
      const chunk = all.slice(from, from + CHUNK).map(([id, { spans }]) => [id, spans] as const);
      const found = findAll(database, new Map(chunk));
      sum.whole += found.whole;
      sum.cut += found.cut;
      // Acknowledgements overtake each other by a moment, so that the border is not sharp.
      sum[wholeChunks === 0 ? 'removed' : 'lost'] += found.missing;
      if (found.missing === 0) wholeChunks++;
    }
    return sum;
  }
}
