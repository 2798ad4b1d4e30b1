import type { Exemplar, ObservedContext } from '../../../codec/metrics/exemplars.ts';
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
      /** Where there is no exemplar of the trace: the contexts that requests came in, of any client. */
      readonly contexts?: ReadonlyMap<string, ObservedContext> | undefined;
      /** Only where there is no exemplar of the trace. */
      readonly silence?: Silence | undefined;
    }
  | { readonly status: 'refused' }
  | { readonly status: 'failed'; readonly problem: string; readonly silence?: Silence | undefined };

/** Facts about an API server whose metrics have no exemplar of a request. */
export interface Silence {
  /** By its flags; null where it does not say, as before Kubernetes 1.36. */
  readonly tracing: 'on' | 'off' | null;
  /**
   * Whether the trace context of a request reaches it. `removed`: it arrives without one, or with one that is not
   * sampled; `replaced`: with another. Null where that is not known.
   */
  readonly context: 'arrives' | 'removed' | 'replaced' | null;
}

/** Undefined where the metrics have exemplars of the trace, or the user may not read them. */
export const silenceOf = (reading: MetricsReading): Silence | undefined =>
  reading.status === 'refused' ? undefined : reading.silence;
