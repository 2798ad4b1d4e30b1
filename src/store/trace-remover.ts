import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { inTransaction } from './database.ts';

/** The complete traces that were removed to make room. */
export interface Removed {
  readonly traces: number;
  readonly spans: number;
}

/** One call takes about this long, and at least one step. In milliseconds. */
const STEP_MILLIS = 5;
/** Chunks that are removed at once: each may be a megabyte. */
const STEP_CHUNKS = 4;

/**
 * Removes traces, those with the oldest last span first. A trace with many chunks takes several steps. It is renamed
 * before the first step, so that no reader finds a part of it and later spans start it again.
 */
export class TraceRemover {
  readonly #database: DatabaseSync;
  readonly #oldest: StatementSync;
  readonly #removeChunks: StatementSync;
  readonly #rename: StatementSync;
  readonly #removeTrace: StatementSync;
  #removed = NOTHING;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#oldest = database.prepare('SELECT id, spans FROM traces WHERE arrived < ? ORDER BY arrived, id LIMIT 1');
    this.#removeChunks = database.prepare(
      `DELETE FROM chunks WHERE id IN (SELECT id FROM chunks WHERE trace = ? LIMIT ${STEP_CHUNKS})`,
    );
    this.#rename = database.prepare("UPDATE traces SET trace_id = 'removed ' || id, arrived = -1 WHERE id = ?");
    this.#removeTrace = database.prepare('DELETE FROM traces WHERE id = ?');
  }

  /** Removes some of what came before, until it is enough. Throws what SQLite throws. */
  step(
    before: number,
    isEnough: () => boolean = () => false,
  ): { readonly hasRemoved: boolean; readonly mayHaveMore: boolean } {
    const end = performance.now() + STEP_MILLIS;
    return inTransaction(this.#database, () => {
      let hasRemoved = false;
      do {
        const row = this.#oldest.get(before);
        if (row === undefined) return { hasRemoved, mayHaveMore: false };
        this.#some(Number(row['id']), Number(row['spans']));
        hasRemoved = true;
      } while (performance.now() < end && !isEnough());
      return { hasRemoved, mayHaveMore: true };
    });
  }

  /** The traces removed since the last call. */
  takeRemoved(): Removed {
    const removed = this.#removed;
    this.#removed = NOTHING;
    return removed;
  }

  #some(trace: number, spans: number): void {
    const { changes } = this.#removeChunks.run(trace);
    if (Number(changes) === STEP_CHUNKS) {
      this.#rename.run(trace);
      return;
    }
    this.#removeTrace.run(trace);
    this.#removed = { traces: this.#removed.traces + 1, spans: this.#removed.spans + spans };
  }
}

const NOTHING: Removed = { traces: 0, spans: 0 };
