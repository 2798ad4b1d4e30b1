import type { ClientEvent, ClientRequest } from '../../propagation/client-work.ts';
import { after, nanos } from '../../trace/time.ts';
import type { Exchange, Phases } from './exchange.ts';
import { requestFailure } from '../api/request-failure.ts';
import { redactQuery } from '../../format/redact-command.ts';
import { encodeQuery } from '../api/request.ts';

/** The phases in their order, and the names of the events at their ends. */
const EVENTS: readonly (readonly [phase: keyof Phases, event: string])[] = [
  ['dnsNanos', 'dns.done'],
  ['connectNanos', 'connect.done'],
  ['tlsNanos', 'tls.done'],
  ['sendNanos', 'http.request.written'],
  ['waitNanos', 'http.response.first_byte'],
  ['receiveNanos', 'http.response.last_byte'],
];

/** Attributes for the client span of an exchange; `server` is the cluster's address. */
export function clientRequest(exchange: Exchange, server: string, userAgent: string): ClientRequest {
  const { request, context, startedAt, durationNanos, status, requestBytes, responseBytes } = exchange;
  const query = encodeQuery(redactQuery(request.query));
  const failure = requestFailure(exchange);
  const about = { group: request.group, version: request.version, resource: request.resource, name: request.name };
  return {
    spanID: context.spanID,
    method: request.method,
    url: `${server}${request.path}${query === '' ? '' : `?${query}`}`,
    start: startedAt,
    end: after(startedAt, durationNanos),
    status,
    userAgent,
    auditID: exchange.auditID ?? context.auditID,
    requestBytes,
    responseBytes,
    // By the conventions an HTTP status is its own error type.
    errorType: failure === undefined ? null : exchange.error === null ? String(status) : failure.reason,
    errorMessage: failure?.message ?? null,
    events: events(exchange),
    attributes: Object.fromEntries(
      Object.entries({ ...about, namespace: request.namespace, subresource: request.subresource })
        .filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== '')
        .map(([key, value]) => [`k8s.request.${key}`, value]),
    ),
  };
}

/** A phase without a successor is the one in which the request failed: it did not end. */
function events({ phases, startedAt, error }: Exchange): ClientEvent[] {
  const found: ClientEvent[] = [];
  let elapsed = 0;
  for (const [phase, name] of EVENTS) {
    const duration = phases[phase];
    if (duration === null) continue;
    elapsed += duration;
    found.push({ name, time: after(startedAt, nanos(elapsed)) });
  }
  return error === null ? found : found.slice(0, -1);
}
