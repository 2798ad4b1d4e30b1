import type { Exchange, KubeRequest } from '../../http/exchange.ts';
import { accessRequest } from '../access-review.ts';
import { get } from '../request.ts';

const PROTOBUF = 'application/vnd.google.protobuf';

/** A response above this is not read to its end. About 1 MiB is usual, and 10 MiB many CRDs. */
export const MAX_METRICS_BYTES = 64 * 1024 * 1024;

/**
 * Requests the API server's own metrics in protobuf, the only format with exemplars. Servers since 1.37 return the named
 * metrics only; earlier ones ignore the names. The request is the authenticated user's own, without impersonation.
 */
export function metricsRequest(names: readonly string[]): KubeRequest {
  return {
    ...get('identity', '/metrics', `${PROTOBUF};proto=io.prometheus.client.MetricFamily;encoding=delimited`),
    query: names.map((name) => ['name[]', name] as const),
    maxBytes: MAX_METRICS_BYTES,
  };
}

/** The body of a `/metrics` response in protobuf, or what came instead, in words. */
export function metricsBody({ status, headers, body, error }: Exchange): Uint8Array | { readonly problem: string } {
  if (error !== null)
    return { problem: error.reason === 'ResponseTooLarge' ? 'its response is too large' : error.message };
  if (status !== 200) return { problem: `it responded with status ${status}` };
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  return type === PROTOBUF ? body : { problem: `it responded with ${type || 'no content type'}, not in protobuf` };
}

/** Queries whether the user may read `/metrics`. */
export const metricsAccessRequest = (): KubeRequest => accessRequest({ path: '/metrics', verb: 'get' });
