/** Functions do not cross the border between processes: a worker imports its target. */
export interface TargetReference {
  readonly name: string;
  /** URL of a module that exports `TARGETS`. */
  readonly module: string;
}

/** The task of a worker. */
export type Task =
  | {
      readonly kind: 'feed';
      readonly target: TargetReference;
      readonly seed: number;
      /** Numbers of inputs, the last one excluded. */
      readonly from: number;
      readonly to: number;
      readonly millis: number;
      readonly progressFile: string;
    }
  | {
      readonly kind: 'attempt';
      readonly target: TargetReference;
      readonly number: number;
      readonly bytes: string;
    };

/**
 * How a promise was broken: `throw`: something else than an outcome; `slow`: more than 2 s of computing; `memory`: more
 * than 300 MB for one input; `growth`: memory that is not given back; `crash` and `hang`: the process ended, or went on
 * without end.
 */
export interface Failure {
  readonly what: 'throw' | 'slow' | 'memory' | 'growth' | 'crash' | 'hang';
  readonly message: string;
  /** Number of the input; null where none is to blame. */
  readonly index: number | null;
}

export interface Figures {
  readonly inputs: number;
  readonly bytes: number;
  /** Computing time of the slowest input. */
  readonly slowestMillis: number;
  /** Resident memory in bytes, after garbage collection: after the first inputs, and now; and the highest that was seen. */
  readonly firstRSS: number;
  readonly lastRSS: number;
  readonly peakRSS: number;
  /** The same of what is reachable. */
  readonly firstLive: number;
  readonly lastLive: number;
  /** By kind of outcome: of what the first words say. */
  readonly outcomes: number;
  /** Digest of all inputs and their outcomes in order: the same for the same seed and count. */
  readonly digest: string;
}

export type WorkerMessage =
  | { readonly kind: 'progress'; readonly figures: Figures }
  | { readonly kind: 'done'; readonly figures: Figures }
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'attempted'; readonly number: number; readonly outcome: string; readonly failure: Failure | null };
