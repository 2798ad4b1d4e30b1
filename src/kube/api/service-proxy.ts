import type { Exchange } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';

/** A port of a Service that is reached through the API server. */
export interface ServiceAddress {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
}

/** `http:jaeger-query:16686`, as a path and RBAC's resourceNames have it (k8s.io/apimachinery pkg/util/net/port_split.go). */
export const proxiedName = ({ scheme, name, port }: ServiceAddress): string => `${scheme}:${name}:${port}`;

/** The path below which the API server forwards every request to the service. */
export const proxyPath = (address: ServiceAddress): string =>
  `/api/v1/namespaces/${address.namespace}/services/${proxiedName(address)}/proxy`;

const PROXY = /^(https?:\/\/.*)\/api\/v1\/namespaces\/([^/]+)\/services\/(https?):([^/:]+):(\d+)\/proxy(?:\/.*)?$/;

/** Reads such an address with the API server's own before it. Undefined for every other. */
export function parseProxyURL(url: string): { readonly server: string; readonly address: ServiceAddress } | undefined {
  const [, server, namespace, scheme, name, port] = PROXY.exec(url) ?? [];
  if (server === undefined || namespace === undefined || name === undefined) return undefined;
  return { server, address: { namespace, name, port: Number(port), scheme: scheme === 'https' ? 'https' : 'http' } };
}

/** Why the API server did not forward a request. Undefined for a response of the backend itself. */
export type ProxyRefusal =
  | { readonly why: 'forbidden' | 'gone'; readonly message: string }
  /** No endpoint is ready, or the API server cannot reach it. */
  | { readonly why: 'unreachable'; readonly message: string };

/** The API server's own refusals are of kind Status; a backend's are not. */
export function proxyRefusal({ status, body }: Exchange): ProxyRefusal | undefined {
  if (status === null || status < 400) return undefined;
  const document = parseJSON(body);
  if (!isObject(document) || document['kind'] !== 'Status' || typeof document['message'] !== 'string') return undefined;
  const { message } = document;
  if (status === 401 || status === 403) return { why: 'forbidden', message };
  return { why: status === 404 ? 'gone' : 'unreachable', message };
}
