import { BackendNotReached } from '../../../backend/http/not-reached.ts';
import { TENANT_HEADERS } from '../../../backend-access.ts';
import type { Cluster, Exchange } from '../../../kube/http/exchange.ts';
import { get } from '../../../kube/api/request.ts';
import { resourceParts } from '../../../kube/api/request-info.ts';
import { proxyRefusal, type ServiceAddress } from '../../../kube/api/service-proxy.ts';
import type { Runtime } from '../../../runtime.ts';
import { sendUntraced } from '../../untraced.ts';
import { proxyRBAC } from './rbac.ts';

/** Whether headers for a backend hold none that the cluster must not see. */
export const mayPassThrough = (headers: Readonly<Record<string, string>>): boolean =>
  Object.keys(headers).every((name) => TENANT_HEADERS.includes(name));

/**
 * `fetch` for addresses below the API server's service proxy: sent with the cluster's credentials, which it keeps for
 * itself, and with nothing of the backend's but the tenant. Each is a request of the tool's own, unsampled.
 */
export function clusterFetch(cluster: Cluster, address: ServiceAddress, runtime: Runtime): typeof globalThis.fetch {
  return async (input, init) => {
    const href = input instanceof Request ? input.url : String(input);
    if (!href.startsWith(`${cluster.server}/`)) throw new Error('an address outside the cluster');
    const [path = '', query = ''] = href.slice(cluster.server.length).split(/\?(.*)/s);
    const given = new Headers(init?.headers);
    const tenant = TENANT_HEADERS.flatMap((name) => {
      const value = given.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    const accept = given.get('accept') ?? '*/*';
    const send = sendUntraced(cluster, runtime, init?.signal ?? runtime.interrupted);
    const exchange = await send({
      ...get('discovery', path, accept),
      ...resourceParts(path),
      headers: { accept, ...Object.fromEntries(tenant) },
      query: [...new URLSearchParams(query)],
      unsampled: true,
    });
    return responseOf(exchange, address);
  };
}

function responseOf(exchange: Exchange, address: ServiceAddress): Response {
  const { status, error, headers, body } = exchange;
  if (error?.reason === 'ResponseTooLarge') {
    throw new BackendNotReached({ status: 'failed', reason: 'BackendAnswerTooLarge', message: error.message });
  }
  if (error !== null || status === null) {
    const message = `the API server forwarded nothing: ${error?.message ?? 'no response'}`;
    throw new BackendNotReached({ status: 'unavailable', message });
  }
  const refusal = proxyRefusal(exchange);
  if (refusal !== undefined) {
    const { why, message } = refusal;
    const said = `the API server does not forward lookups: ${message}`;
    if (why === 'unreachable') throw new BackendNotReached({ status: 'unavailable', message: said });
    const hint = why === 'forbidden' ? proxyRBAC(address) : '--backend auto looks for the backend again';
    const reason = why === 'forbidden' ? 'ProxyForbidden' : 'BackendGone';
    throw new BackendNotReached({ status: 'failed', reason, message: said, hint });
  }
  const forwarded = Object.entries(headers).filter(
    ([name]) => !/^(content-(length|encoding)|transfer-encoding)$/.test(name),
  );
  return new Response(
    [204, 205, 304].includes(status) ? null : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    {
      status,
      headers: Object.fromEntries(forwarded),
    },
  );
}
