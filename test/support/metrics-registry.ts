import { family, histogram, type SeriesExemplar } from './metrics.ts';

/** One observation of a histogram; the exemplar is that of a sampled context. */
export interface Observation {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly seconds: number;
  readonly context?: { readonly traceID: string; readonly spanID: string };
}

const BOUNDS = [0.005, 0.025, 0.1, 0.5, 1, 5, Infinity];

interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly buckets: (SeriesExemplar | undefined)[];
  /** The newest ones. */
  native: SeriesExemplar[];
}

/**
 * Histograms as an API server stores them (client_golang, histogram.go): each bucket has the newest exemplar alone, and
 * with `native` (Kubernetes 1.37) a series has this many more.
 */
export class MetricsRegistry {
  readonly #families = new Map<string, Map<string, Series>>();
  readonly #native: number;

  constructor(native: number) {
    this.#native = native;
  }

  observe({ metric, labels, seconds, context }: Observation, timeNanos: bigint): void {
    const series = this.#series(metric, labels);
    if (context === undefined) return;
    const exemplar = {
      labels: { trace_id: context.traceID, span_id: context.spanID },
      value: seconds,
      seconds: Number(timeNanos / 1_000_000_000n),
      nanos: Number(timeNanos % 1_000_000_000n),
    };
    series.buckets[BOUNDS.findIndex((bound) => seconds <= bound)] = exemplar;
    series.native = this.#native === 0 ? [] : [...series.native, exemplar].slice(-this.#native);
  }

  /** The response to `GET /metrics`, in protobuf. */
  read(): Buffer {
    return Buffer.concat(
      [...this.#families].map(([name, all]) =>
        family(
          name,
          [...all.values()].map(({ labels, buckets, native }) =>
            histogram(
              labels,
              buckets.filter((one) => one !== undefined),
              native,
            ),
          ),
        ),
      ),
    );
  }

  #series(metric: string, labels: Series['labels']): Series {
    const all = this.#families.get(metric) ?? new Map<string, Series>();
    this.#families.set(metric, all);
    const key = JSON.stringify(labels);
    const series = all.get(key) ?? { labels, buckets: [], native: [] };
    all.set(key, series);
    return series;
  }
}
