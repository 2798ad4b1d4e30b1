import { epochNanos, type EpochNanos } from '../trace/time.ts';
import type { TraceBackend } from './backend.ts';
import { API_SERVER } from './request-keys.ts';

/** How many traces the API server began by itself of late, as far as it was looked for (20 at most). */
export type SamplingEvidence =
  | { readonly status: 'counted'; readonly roots: number }
  | { readonly status: 'unavailable'; readonly message: string };

const HOUR_NANOS = 3_600_000_000_000n;

/**
 * Does the API server sample requests by itself? Since Kubernetes 1.33 the filter `authentication` runs before the
 * request's trace context is read, so that its span begins a trace, and does so only where the server's own rate is
 * above 0 (k8s.io/apiserver pkg/server/config.go). `instanceIDs`, where known, are the `service.instance.id` of the API
 * servers in question: a backend may keep the traces of several clusters.
 */
export async function samplingEvidence(
  backend: TraceBackend,
  now: EpochNanos,
  signal: AbortSignal,
  instanceIDs?: readonly string[],
): Promise<SamplingEvidence> {
  const query = { service: API_SERVER, operation: 'authentication', from: epochNanos(now - HOUR_NANOS), to: now };
  const lookup = await backend.search({ ...query, limit: 20 }, signal);
  switch (lookup.status) {
    case 'found': {
      const roots = lookup.spans.filter(
        (span) =>
          span.name === 'authentication' &&
          span.parentSpanID === undefined &&
          span.resource.service === API_SERVER &&
          (instanceIDs === undefined ||
            instanceIDs.some((id) => id === span.resource.attributes['service.instance.id'])),
      );
      return { status: 'counted', roots: new Set(roots.map((span) => span.traceID)).size };
    }
    case 'absent':
      return { status: 'counted', roots: 0 };
    case 'unavailable':
    case 'failed':
      return { status: 'unavailable', message: lookup.message };
  }
}
