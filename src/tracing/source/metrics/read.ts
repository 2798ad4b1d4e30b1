import { exemplarsOf, type Exemplar } from '../../../codec/metrics/exemplars.ts';
import type { Cluster, Exchange } from '../../../kube/http/exchange.ts';
import { mayReadMetrics, metricsAccessRequest, metricsBody, metricsRequest } from '../../../kube/api/metrics.ts';
import type { MetricsAccessCache } from '../../../kube/api/metrics-access.ts';
import type { Runtime } from '../../../runtime.ts';
import { between, type Nanos } from '../../../trace/time.ts';
import type { TraceID } from '../../../trace/ids.ts';
import { sendUntraced } from '../../untraced.ts';
import { METRIC_NAMES } from './stages.ts';

/** The metrics must not delay the report for longer. */
const TIMEOUT_MILLIS = 5000;

/** One reading of the API server's metrics. `refused`: the user may not read them. */
export type MetricsReading =
  | {
      readonly status: 'read';
      readonly exemplars: readonly Exemplar[];
      /** Identifies the process that responded: when it was started. Null where it does not say. */
      readonly startedAt: string | null;
      readonly tookNanos: Nanos;
    }
  | { readonly status: 'refused' }
  | { readonly status: 'failed'; readonly problem: string };

export interface ReadTask {
  readonly cluster: Cluster;
  readonly traceID: TraceID;
  readonly cache: MetricsAccessCache;
  /** What is cached does not count. */
  readonly asksAgain: boolean;
}

/** A reading under way. `begun` resolves when its request is on a connection, or is not sent. Neither rejects. */
export interface RunningRead {
  readonly begun: Promise<void>;
  readonly reading: Promise<MetricsReading>;
}

/**
 * Reads the exemplars of a trace, once, after its responses are complete: the API server has stored them before it ends
 * a response. The first request on the cluster's connection goes to the instance that served the trace.
 */
export function readMetrics(task: ReadTask, runtime: Runtime): RunningRead {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  return { begun, reading: read(task, begin, runtime).finally(begin) };
}

async function read(
  { cluster, traceID, cache, asksAgain }: ReadTask,
  begin: () => void,
  runtime: Runtime,
): Promise<MetricsReading> {
  const { clock } = runtime;
  const timeout = new AbortController();
  const over = new AbortController();
  void clock.sleep(TIMEOUT_MILLIS, over.signal).then(
    () => timeout.abort(),
    () => {},
  );
  try {
    const send = sendUntraced(cluster, runtime, AbortSignal.any([runtime.interrupted, timeout.signal]));
    const known = asksAgain ? undefined : await cache.read();
    const allowed = known ?? mayReadMetrics(await send(metricsAccessRequest()));
    if (known === undefined && allowed !== undefined) await cache.write(allowed);
    if (allowed === false) return { status: 'refused' };
    const startedAt = clock.now();
    const response = send(metricsRequest(METRIC_NAMES));
    begin();
    return await readingOf(await response, traceID, { cache, timeout: timeout.signal }, () =>
      between(startedAt, clock.now()),
    );
  } finally {
    over.abort();
  }
}

async function readingOf(
  response: Exchange,
  traceID: TraceID,
  { cache, timeout }: { readonly cache: MetricsAccessCache; readonly timeout: AbortSignal },
  took: () => Nanos,
): Promise<MetricsReading> {
  if (response.status === 401 || response.status === 403) {
    await cache.write(false);
    return { status: 'refused' };
  }
  if (timeout.aborted) return { status: 'failed', problem: `it did not respond within ${TIMEOUT_MILLIS / 1000} s` };
  const body = metricsBody(response);
  if ('problem' in body) return { status: 'failed', problem: body.problem };
  const exemplars = exemplarsOf(body, traceID);
  if (exemplars === undefined) return { status: 'failed', problem: 'its response is malformed or cut off' };
  return {
    status: 'read',
    exemplars,
    startedAt: response.headers['process-start-time-unix'] ?? null,
    tookNanos: took(),
  };
}
