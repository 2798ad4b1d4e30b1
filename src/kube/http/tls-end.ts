import type { X509Certificate } from 'node:crypto';

/** Where the TLS connection of a request ends. */
export type TLSEnd = 'apiserver' | 'gateway';

/** The names by which pods reach the API server: it has them in its certificate, and nothing else has. */
const API_SERVER_NAME = /\bDNS:kubernetes\.default\b/;

/** Headers that the API server does not set, and proxies in front of it do. */
const GATEWAY_HEADERS = ['via', 'x-envoy-upstream-service-time', 'x-api-cattle-auth', 'x-amz-cf-id', 'cf-ray'];
const GATEWAY_SERVERS = /^(nginx|openresty|envoy|istio-envoy|haproxy|traefik|caddy|apache|cloudflare|awselb|kong)\b/i;

/**
 * Whether the API server itself ends the TLS connection, or a gateway before it (Rancher, Teleport, an ingress). A path
 * in the server's address, such as Rancher's `/k8s/clusters/c-1`, and the headers of proxies give a gateway away; the
 * certificate shows the API server. Null where neither is known.
 */
export function tlsEndOf(
  certificate: X509Certificate | undefined,
  headers: Readonly<Record<string, string>>,
  basePath: string,
): TLSEnd | null {
  if (certificate === undefined) return null;
  if (basePath !== '' || GATEWAY_HEADERS.some((name) => headers[name] !== undefined)) return 'gateway';
  if (GATEWAY_SERVERS.test(headers['server'] ?? '')) return 'gateway';
  return API_SERVER_NAME.test(certificate.subjectAltName ?? '') ? 'apiserver' : null;
}
