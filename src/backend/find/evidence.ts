import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import { epochNanos, type EpochNanos } from '../../trace/time.ts';
import type { SearchQuery, TraceBackend } from '../backend.ts';
import { API_SERVER } from './request-keys.ts';

/** The number of recent traces that the API server started on its own (at most 20 for each API server). */
export type SamplingEvidence =
  | { readonly status: 'counted'; readonly roots: number }
  | { readonly status: 'unavailable'; readonly message: string };

const HOUR_NANOS = 3_600_000_000_000n;

/** The evidence to look for. */
export interface EvidenceQuery {
  readonly now: EpochNanos;
  /** 37 for v1.37.2; null when not known. */
  readonly minor: number | null;
  /** `service.instance.id` of the API servers in question, where known: aggregated servers have the same service name. */
  readonly instanceIDs?: readonly string[];
}

/** Since this version the filter `authentication` runs before the request's trace context is read. */
const AUTHENTICATION_FIRST_MINOR = 33;

/**
 * Does the API server sample requests on its own? Since Kubernetes 1.33 the span `authentication` begins its own trace,
 * and does so only where the server's own rate is above 0; before, every recorded request is such a trace
 * (k8s.io/apiserver pkg/server/config.go). Ours is not evidence: a trace is counted only when its root has no parent.
 */
export async function samplingEvidence(
  backend: TraceBackend,
  { now, minor, instanceIDs }: EvidenceQuery,
  signal: AbortSignal,
): Promise<SamplingEvidence> {
  const old = minor !== null && minor < AUTHENTICATION_FIRST_MINOR;
  const window = { service: API_SERVER, from: epochNanos(now - HOUR_NANOS), to: now, limit: 20 };
  const query: SearchQuery = old ? window : { ...window, operation: 'authentication' };
  // Searched for one by one: the newest of several clusters' traces may all be another cluster's.
  const queries = instanceIDs?.map((id) => ({ ...query, attributes: { 'service.instance.id': id } })) ?? [query];
  const lookups = await Promise.all(queries.map((item) => backend.search(item, signal)));
  const begunByServer = (span: Span): boolean =>
    (old ? span.kind === 'server' : span.name === 'authentication') &&
    span.parentSpanID === undefined &&
    span.resource.service === API_SERVER;
  const roots = new Set<TraceID>();
  for (const lookup of lookups) {
    if (lookup.status === 'unavailable' || lookup.status === 'failed') {
      return { status: 'unavailable', message: lookup.message };
    }
    if (lookup.status === 'absent') continue;
    for (const span of lookup.spans) if (begunByServer(span)) roots.add(span.traceID);
  }
  return { status: 'counted', roots: roots.size };
}
