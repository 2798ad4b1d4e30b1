import type { CommonArguments } from '../../../cli/arguments.ts';
import { openMetricsAccessCache } from '../../../kube/api/metrics-access.ts';
import type { Cluster } from '../../../kube/http/exchange.ts';
import type { Runtime } from '../../../runtime.ts';
import type { TraceID } from '../../../trace/ids.ts';
import type { EpochNanos } from '../../../trace/time.ts';
import { readMetrics, type ReadTask, type RunningRead } from './read.ts';
import type { MetricsReading } from './reading.ts';

/** A reading before the first request, which delays it. */
export interface BeforeReading {
  readonly reading: MetricsReading;
  readonly start: EpochNanos;
  readonly end: EpochNanos;
}

/** Reads the API server's metrics for one command: after its last request, and at other times where it must. */
export class MetricsReader {
  /** Readings between requests: a later one of the same kind replaces the exemplars. */
  readonly earlier: MetricsReading[] = [];
  /** Only with --metrics=delta. */
  before: BeforeReading | undefined;
  readonly #task: ReadTask;
  readonly #runtime: Runtime;
  #reads = 0;

  constructor(task: ReadTask, runtime: Runtime) {
    this.#task = task;
    this.#runtime = runtime;
  }

  async readBefore(): Promise<void> {
    const { clock } = this.#runtime;
    const start = clock.now();
    const reading = await this.start().reading;
    this.before = { reading, start, end: clock.now() };
  }

  async readBetween(): Promise<void> {
    const last = this.earlier.at(-1);
    if (last !== undefined && last.status !== 'read') return;
    this.earlier.push(await this.start().reading);
  }

  start(): RunningRead {
    const asksAgain = this.#task.asksAgain && this.#reads === 0;
    this.#reads++;
    return readMetrics({ ...this.#task, asksAgain }, this.#runtime);
  }
}

/** Undefined with --metrics=off and --wait 0. */
export function openMetricsReader(
  { cluster, traceID }: { readonly cluster: Cluster; readonly traceID: TraceID },
  { connection, lookup }: CommonArguments,
  runtime: Runtime,
): MetricsReader | undefined {
  const { tracerUser, metrics, metricsIsExplicit, wait } = lookup;
  if (metrics === 'off' || wait === 0) return undefined;
  const user = { connection, context: cluster.contextName, tracerUser };
  const cache = openMetricsAccessCache(user, cluster.server, runtime);
  const isDelta = metrics === 'delta';
  return new MetricsReader({ cluster, traceID, cache, asksAgain: metricsIsExplicit, isDelta }, runtime);
}
