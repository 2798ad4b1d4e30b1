import { contextsOf, exemplarsOf } from '../../../codec/metrics/exemplars.ts';
import { totalsOf } from '../../../codec/metrics/totals.ts';
import type { Cluster, Exchange } from '../../../kube/http/exchange.ts';
import { metricsAccessRequest, metricsBody, metricsRequest } from '../../../kube/api/metrics/request.ts';
import { isAllowed } from '../../../kube/api/access-review.ts';
import { flagzRequest, serverFlagsOf } from '../../../kube/api/control-plane/flagz.ts';
import { runningInstances, type Instance } from '../../../kube/api/instances.ts';
import type { MetricsAccessCache } from '../../../kube/api/metrics/access.ts';
import { withDeadline } from '../../../deadline.ts';
import type { Runtime } from '../../../runtime.ts';
import { between, type Nanos } from '../../../trace/time.ts';
import type { TraceID } from '../../../trace/ids.ts';
import { sendUntraced } from '../../untraced.ts';
import { queryInstances } from '../../lookup/instances.ts';
import { probeContext } from './probe-context.ts';
import type { MetricsReading } from './reading.ts';
import { FILTER_DURATION, METRIC_NAMES } from './stages.ts';
import { COMPARED_METRICS } from './total-rows.ts';
import { tryServers } from './try-servers.ts';

/** The metrics must not delay the report for longer. */
const TIMEOUT_MILLIS = 5000;

export interface ReadTask {
  readonly cluster: Cluster;
  readonly traceID: TraceID;
  readonly cache: MetricsAccessCache;
  /** The cached access is ignored. */
  readonly asksAgain: boolean;
  /** Totals of metrics without exemplars are read as well. */
  readonly isDelta: boolean;
  /** Before the first request: no exemplars are expected. */
  readonly isBefore?: boolean;
}

/**
 * A reading under way. `begun` resolves when its request is on the connection of the trace's last request, or the reading
 * is over. Neither rejects.
 */
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

const read = (task: ReadTask, begin: () => void, runtime: Runtime): Promise<MetricsReading> =>
  withDeadline(runtime.clock, TIMEOUT_MILLIS, runtime.interrupted, (signal, late) =>
    readWithin({ signal, late }, task, begin, runtime),
  );

async function readWithin(
  { signal, late }: { readonly signal: AbortSignal; readonly late: AbortSignal },
  { cluster, traceID, cache, asksAgain, isDelta, isBefore = false }: ReadTask,
  begin: () => void,
  runtime: Runtime,
): Promise<MetricsReading> {
  const { clock } = runtime;
  const send = sendUntraced(cluster, runtime, signal);
  const known = asksAgain ? undefined : await cache.read();
  const allowed = known ?? isAllowed(await send(metricsAccessRequest()));
  if (known === undefined && allowed !== undefined) await cache.write(allowed);
  if (allowed === false) return { status: 'refused' };
  const startedAt = clock.now();
  const terms = { cache, isDelta, late, took: () => between(startedAt, clock.now()) };
  const request = metricsRequest(isDelta ? [...METRIC_NAMES, ...COMPARED_METRICS] : METRIC_NAMES);
  // On a new connection: those that others open meanwhile would take the turn of the server that is looked for.
  const onConnection = (isReused: boolean): void => (isReused ? begin() : undefined);
  const first = await readingOf(await send({ ...request, onConnection }), traceID, terms);
  if (isBefore || !isSilent(first)) return first;
  const tracing = serverFlagsOf(await send(flagzRequest()))?.tracing ?? null;
  if (tracing === 'on' || first.status === 'failed') return { ...first, silence: { tracing, context: null } };
  const servers = countOf(await queryInstances(cluster, runtime, AbortSignal.abort()));
  const { sendOnNewConnection } = cluster;
  // Two readings are compared only where they are of one server.
  if (sendOnNewConnection !== undefined && !isDelta) {
    const sendApart = sendUntraced({ ...cluster, send: sendOnNewConnection }, runtime, signal);
    const last = await tryServers(first, servers, async () => readingOf(await sendApart(request), traceID, terms));
    if (last !== first) return !isSilent(last) ? last : { ...last, silence: { tracing, context: null } };
  }
  // One of several others may have served the request.
  if (servers !== 1 || tracing === null) return { ...first, silence: { tracing, context: null } };
  const context = await probeContext(
    first,
    { cluster, signal, readAgain: async (id) => readingOf(await send(request), id, terms) },
    runtime,
  );
  return { ...first, silence: { tracing, context } };
}

/** The user may read the metrics, and they do not have what is looked for. */
const isSilent = (reading: MetricsReading): reading is Exclude<MetricsReading, { readonly status: 'refused' }> =>
  reading.status !== 'refused' && (reading.status === 'failed' || reading.exemplars.length === 0);

const countOf = (instances: readonly Instance[] | null): number | null =>
  instances === null ? null : runningInstances(instances).length;

interface ReadingTerms {
  readonly cache: MetricsAccessCache;
  readonly isDelta: boolean;
  readonly late: AbortSignal;
  readonly took: () => Nanos;
}

async function readingOf(
  response: Exchange,
  traceID: TraceID,
  { cache, isDelta, late, took }: ReadingTerms,
): Promise<MetricsReading> {
  if (response.status === 401 || response.status === 403) {
    await cache.write(false);
    return { status: 'refused' };
  }
  if (late.aborted) return { status: 'failed', problem: `it did not respond within ${TIMEOUT_MILLIS / 1000} s` };
  const body = metricsBody(response);
  if ('problem' in body) return { status: 'failed', problem: body.problem };
  const exemplars = exemplarsOf(body, traceID);
  const totals = isDelta ? totalsOf(body, COMPARED_METRICS) : undefined;
  if (exemplars === undefined) return { status: 'failed', problem: 'its response is malformed or cut off' };
  return {
    status: 'read',
    exemplars,
    ...(totals !== undefined && { totals }),
    ...(exemplars.length === 0 && { contexts: contextsOf(body, FILTER_DURATION) }),
    startedAt: response.headers['process-start-time-unix'] ?? null,
    tookNanos: took(),
  };
}
