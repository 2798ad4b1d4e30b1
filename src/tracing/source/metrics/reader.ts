import type { CommonArguments } from '../../../cli/arguments.ts';
import { exemplarKey, type Exemplar } from '../../../codec/metrics/exemplars.ts';
import { openMetricsAccessCache } from '../../../kube/api/metrics/access.ts';
import type { Cluster } from '../../../kube/http/exchange.ts';
import type { Runtime } from '../../../runtime.ts';
import type { TraceID } from '../../../trace/ids.ts';
import type { EpochNanos } from '../../../trace/time.ts';
import { readMetrics, type ReadTask, type RunningRead } from './read.ts';
import type { MetricsReading } from './reading.ts';

const INTERVAL_MILLIS = 1000;
/** A request leaves about 60. */
const MAX_EARLIER = 200_000;

/** A reading before the first request, which delays it. */
export interface BeforeReading {
  readonly reading: MetricsReading;
  readonly start: EpochNanos;
  readonly end: EpochNanos;
}

/** Reads the API server's metrics for one command: after its last request, and at other times where it must. */
export class MetricsReader {
  readonly #earlier = new Map<string, Exemplar>();
  #isUseless = false;
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
    const reading = await this.start({ isBefore: true }).reading;
    this.before = { reading, start, end: clock.now() };
  }

  /** Exemplars that were read between requests: a later request of the same kind replaces those of an earlier one. */
  get earlier(): readonly Exemplar[] {
    return [...this.#earlier.values()];
  }

  async readBetween(): Promise<void> {
    if (this.#isUseless) return;
    const reading = await this.start().reading;
    if (reading.status === 'read') for (const one of reading.exemplars) this.#earlier.set(exemplarKey(one), one);
    this.#isUseless = reading.status !== 'read' || this.#earlier.size > MAX_EARLIER;
  }

  /**
   * Reads at most once a second while another program runs, and only if it has sent something since. Resolves when the
   * signal aborts.
   */
  async readRegularly(sent: () => number, over: AbortSignal): Promise<void> {
    let known = 0;
    while (!over.aborted) {
      await this.#runtime.clock.sleep(INTERVAL_MILLIS, over).catch(() => undefined);
      if (over.aborted || this.#isUseless || sent() === known) continue;
      known = sent();
      await this.readBetween();
    }
  }

  start({ isBefore = false }: { readonly isBefore?: boolean } = {}): RunningRead {
    const asksAgain = this.#task.asksAgain && this.#reads === 0;
    this.#reads++;
    return readMetrics({ ...this.#task, asksAgain, isBefore }, this.#runtime);
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
