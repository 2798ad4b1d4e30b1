import { EXPORT_INTERVAL_MILLIS } from '../../../analysis/completeness/judge.ts';
import { textAttribute } from '../../../analysis/attributes.ts';
import type { TraceBackend } from '../../../backend/backend.ts';
import { locate, type Located, type TraceLocation } from '../../../backend/find/locate.ts';
import { KINDS } from '../../../backend/kinds.ts';
import type { Canary, Probe } from '../../../doctor/observed.ts';
import type { Reading } from '../../../doctor/reading.ts';
import { get } from '../../../kube/api/request.ts';
import type { Cluster, Exchange, KubeRequest } from '../../../kube/http/exchange.ts';
import { requestContext } from '../../../propagation/request-context.ts';
import type { Runtime } from '../../../runtime.ts';
import type { Span } from '../../../trace/span.ts';
import { between, nanos } from '../../../trace/time.ts';
import { withinTime, type ReadContext } from './reader.ts';

/** Every API server reads etcd for it, or requests etcd's revision. */
export const canaryRequest = (): KubeRequest => ({
  ...get('request', '/api/v1/nodes', 'application/json'),
  query: [['limit', '1']],
  group: '',
  version: 'v1',
  resource: 'nodes',
});

/** Sends the canary once, in its own sampled trace. */
export const sendCanary = (cluster: Cluster, runtime: Runtime, signal: AbortSignal): Promise<Exchange> =>
  withinTime(signal, runtime, (until) => cluster.send(canaryRequest(), requestContext(runtime.random), until));

type Found = Canary['backend'] extends Reading<infer Value> ? Value : never;

interface Hunted {
  readonly exchange: Exchange;
  known?: TraceLocation;
  spans: readonly Span[];
}

const POLL_MILLIS = 400;
/** etcd exports on its own, a while after the API server. */
const LATE_MILLIS = EXPORT_INTERVAL_MILLIS + 3000;

const isComplete = (spans: readonly Span[], withEtcd: boolean): boolean =>
  servicesOf(spans).includes('apiserver') && (!withEtcd || hasEtcd(spans));

/**
 * Looks for the canary and its likes until all are found with the spans of etcd, until every exporter and the backend's
 * search must have shown them, until the backend cannot be searched at all, or until the time is over:
 *
 *     responses |--- servers export: 6 s ---|--- the backend's search may be behind ---| certain
 */
export async function huntCanaries(
  exchanges: readonly Exchange[],
  backend: TraceBackend,
  { byID, context }: { readonly byID: boolean; readonly context: ReadContext },
): Promise<Reading<Found>> {
  const { clock } = context.runtime;
  const facts = backend.kind === 'unknown' ? undefined : KINDS[backend.kind];
  const lag = (byID ? facts?.lagMillis : facts?.searchLagMillis) ?? 0;
  const startedAt = clock.now();
  const waited = (): number => between(startedAt, clock.now()) / 1e6;
  const hunted = exchanges.map((exchange): Hunted => ({ exchange, spans: [] }));
  let problem: string | undefined;
  for (;;) {
    const looks = await Promise.all(hunted.map((one) => look(one, backend, context)));
    problem = looks.find((found) => found !== undefined)?.message;
    const isLate = waited() >= LATE_MILLIS;
    const isDone = hunted.every(({ spans, exchange: { status } }) => isComplete(spans, status === 200 && !isLate));
    const isOver = waited() >= LATE_MILLIS + lag;
    const isUseless = looks.every((found) => found?.isLasting === true);
    if (isDone || isOver || isUseless || context.signal.aborted) break;
    await clock.sleep(POLL_MILLIS, context.signal).catch(() => undefined);
  }
  const [canary] = hunted;
  if (canary === undefined) return { status: 'none', why: 'no request was sent' };
  if (problem !== undefined && canary.known === undefined) return { status: 'failed', problem };
  const millis = waited();
  return {
    status: 'read',
    value: {
      foundBy: canary.known?.foundBy ?? null,
      services: servicesOf(canary.spans),
      isEtcdMissing: millis >= LATE_MILLIS && callsEtcd(canary.spans) && !hasEtcd(canary.spans),
      waitedNanos: nanos(Math.round(millis * 1e6)),
      isCertain: millis >= EXPORT_INTERVAL_MILLIS + lag,
      probes: hunted.map(probeOf),
    },
  };
}

interface Problem {
  readonly message: string;
  /** Another look within the time for all checks is no use. */
  readonly isLasting: boolean;
}

/** One look; the problem of the backend where it has one. */
async function look(
  one: Hunted,
  backend: TraceBackend,
  { runtime, signal }: ReadContext,
): Promise<Problem | undefined> {
  const { context, auditID, startedAt } = one.exchange;
  const keys = { traceID: context.traceID, spanID: context.spanID, auditID, startedAt };
  const options = { now: runtime.clock.now(), thorough: true, ...(one.known !== undefined && { known: one.known }) };
  const found: Located = await locate(keys, backend, options, signal);
  if (found.status === 'failed') return { message: found.message, isLasting: true };
  if (found.status === 'unavailable') return { message: found.message, isLasting: found.unconnected === true };
  if (found.status === 'absent') return undefined;
  one.spans = found.spans;
  if (found.certain) one.known = { traceID: found.traceID, foundBy: found.foundBy };
  return undefined;
}

function probeOf({ exchange, known, spans }: Hunted): Probe {
  const root = spans.find(({ kind, resource }) => kind === 'server' && resource.service === 'apiserver');
  const instance = root && textAttribute(root.resource.attributes, 'service.instance.id');
  const isFound = servicesOf(spans).includes('apiserver');
  return {
    traceID: exchange.context.traceID,
    foundBy: isFound ? (known?.foundBy ?? null) : null,
    instance: instance ?? null,
  };
}

const servicesOf = (spans: readonly Span[]): readonly string[] => [
  ...new Set(spans.map(({ resource }) => resource.service)),
];
const hasEtcd = (spans: readonly Span[]): boolean =>
  spans.some(({ resource, kind }) => resource.service === 'etcd' && kind === 'server');
const callsEtcd = (spans: readonly Span[]): boolean =>
  spans.some(
    ({ resource, kind, name }) =>
      resource.service === 'apiserver' && kind === 'client' && name.startsWith('etcdserverpb.'),
  );
