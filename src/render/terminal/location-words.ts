import type { Report } from '../../report/report.ts';

/** Below the API server's service proxy, by which a Service is named whatever the way to it. */
const SERVICE = /\/api\/v1\/namespaces\/([^/]+)\/services\/https?:([^/:]+):\d+\/proxy(?:\/|$)/;

/** `jaeger`, or `jaeger (service tracing in istio-system)`: any user who may create a Service may own the one that was found. */
export function placeWords({ kind, url }: NonNullable<Report['backend']>): string {
  const [, namespace, name] = SERVICE.exec(url) ?? [];
  return namespace === undefined ? kind : `${kind} (service ${name} in ${namespace})`;
}

/** The backend is a Service of the cluster: a screen always names it. */
export const isService = ({ url }: NonNullable<Report['backend']>): boolean => SERVICE.test(url);
