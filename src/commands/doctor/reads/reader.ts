import { withDeadline } from '../../../deadline.ts';
import type { Reading } from '../../../doctor/reading.ts';
import type { ClusterClock } from '../../../kube/api/cluster-clock.ts';
import { requestFailure } from '../../../kube/api/request-failure.ts';
import type { Cluster, Exchange, KubeRequest } from '../../../kube/http/exchange.ts';
import type { Runtime } from '../../../runtime.ts';
import { sendUntraced } from '../../../tracing/untraced.ts';

/** Everything that a read needs. */
export interface ReadContext {
  readonly cluster: Cluster;
  readonly runtime: Runtime;
  /** Learns from every response. */
  readonly clock: ClusterClock;
  /** Aborts when the time for all checks is over. */
  readonly signal: AbortSignal;
}

/** No check waits longer for one response. */
const TIMEOUT_MILLIS = 5000;

/** 500 nodes or pods are half of it. What is larger takes seconds to parse, and no signal ends that. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Sends one request, within the time for one. Never rejects. */
export async function send(request: KubeRequest, context: ReadContext, cluster = context.cluster): Promise<Exchange> {
  const { runtime, clock, signal } = context;
  const exchange = await withinTime(signal, runtime, (until) =>
    sendUntraced(cluster, runtime, until)({ maxBytes: MAX_BYTES, ...request }),
  );
  clock.observe(exchange);
  return exchange;
}

/** Runs what sends one request, within the time for one. A request that is ended here says so. */
export function withinTime(
  signal: AbortSignal,
  { clock }: Pick<Runtime, 'clock'>,
  sending: (until: AbortSignal) => Promise<Exchange>,
): Promise<Exchange> {
  return withDeadline(clock, TIMEOUT_MILLIS, signal, async (until, late) => {
    const exchange = await sending(until);
    const message = late.aborted ? `no complete response within ${TIMEOUT_MILLIS / 1000} s` : NO_TIME_LEFT;
    if (exchange.error?.reason !== 'Interrupted') return exchange;
    const hint = 'a firewall, a proxy or an overloaded API server may be the cause';
    return { ...exchange, error: { reason: 'RequestTimeout', message, hint } };
  });
}

/** An interrupt of the command prints no checks. */
export const NO_TIME_LEFT = 'the time for all checks was over';

/** Sends a request and reads its response. `rule` is the permission that it needs. Never rejects. */
export async function read<Value>(
  request: KubeRequest,
  { rule, parse }: { readonly rule: string; readonly parse: (exchange: Exchange) => Value | undefined },
  context: ReadContext,
): Promise<Reading<Value>> {
  return readingOf(await send(request, context), rule, parse);
}

/** A response as a reading. */
export function readingOf<Value>(
  exchange: Exchange,
  rule: string,
  parse: (exchange: Exchange) => Value | undefined,
): Reading<Value> {
  const { status, error } = exchange;
  if (status === 401 || status === 403) return { status: 'refused', rule };
  if (status === 404 || status === 406) return { status: 'none', why: 'this server does not have it' };
  const failure = requestFailure(exchange);
  if (error !== null || failure !== undefined) {
    return { status: 'failed', problem: failure?.message ?? 'no response' };
  }
  const value = parse(exchange);
  return value === undefined ? { status: 'failed', problem: 'an unexpected response' } : { status: 'read', value };
}
