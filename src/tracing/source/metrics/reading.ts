import type { Exemplar } from '../../../codec/metrics/exemplars.ts';
import type { SeriesTotal } from '../../../codec/metrics/totals.ts';
import type { Nanos } from '../../../trace/time.ts';

/** One reading of the API server's metrics. `refused`: the user may not read them. */
export type MetricsReading =
  | {
      readonly status: 'read';
      readonly exemplars: readonly Exemplar[];
      /** Totals of metrics without exemplars, with --metrics=delta. */
      readonly totals?: readonly SeriesTotal[];
      /** Identifies the process that responded: when it was started. Null where it does not say. */
      readonly startedAt: string | null;
      /** Connections that were read from, where the first one had no exemplar of the trace. */
      readonly tries?: number;
      /** How many API servers they led to, and how many there are. */
      readonly servers?: { readonly read: number; readonly all: number };
      readonly tookNanos: Nanos;
    }
  | { readonly status: 'refused' }
  | { readonly status: 'failed'; readonly problem: string };
