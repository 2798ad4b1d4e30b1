import { tableOf } from '../format/table-of.ts';
import type { ClientRequest, PlainAttributes } from './client-work.ts';

/** The ports that a URL need not write. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = tableOf({ 'https:': 443, 'http:': 80 });

/**
 * The attributes of an HTTP client span by OpenTelemetry's semantic conventions
 * (https://opentelemetry.io/docs/specs/semconv/http/http-spans/), and `audit-id` as the API server's own spans have it.
 */
export function clientAttributes(request: ClientRequest): PlainAttributes {
  const url = new URL(request.url);
  url.username = '';
  url.password = '';
  return {
    'http.request.method': request.method,
    'url.full': url.href,
    'server.address': url.hostname.replace(/^\[|\]$/g, ''),
    'server.port': url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port),
    'network.protocol.version': '1.1',
    'user_agent.original': request.userAgent,
    'audit-id': request.auditID,
    'http.request.body.size': request.requestBytes,
    'http.response.body.size': request.responseBytes,
    ...(request.status === null ? {} : { 'http.response.status_code': request.status }),
    ...(request.errorType === null ? {} : { 'error.type': request.errorType }),
    ...request.attributes,
  };
}
