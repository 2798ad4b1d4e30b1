import { BackendNotReached } from '../../../backend/http/not-reached.ts';
import type { BackendAccess } from '../../../backend/access/access.ts';
import { shellWord } from '../../../format/shell-command.ts';
import type { Via } from '../../../backend-access.ts';
import type { Cluster, Forward } from '../../../kube/http/exchange.ts';
import { endpointsRequest, podBehind, portName, serviceRequest } from '../../../kube/api/pods-of-service.ts';
import { proxyPath, type ServiceAddress } from '../../../kube/api/service-proxy.ts';
import type { Runtime } from '../../../runtime.ts';
import { sendUntraced } from '../../untraced.ts';
import { clusterFetch } from './cluster-fetch.ts';
import { forwardRBAC } from './rbac.ts';

/** A way to a Service: `fetch` for addresses below its `url`, which is the same whatever the way. */
export interface Route {
  readonly via: Via;
  readonly fetch: typeof globalThis.fetch;
  close(): Promise<void>;
}

/** The address that a backend in the cluster is known by, whichever way it is reached. */
export const serviceURL = (cluster: Cluster, address: ServiceAddress): string =>
  `${cluster.server}${proxyPath(address)}`;

export interface ClusterContext {
  readonly cluster: Cluster;
  readonly access: BackendAccess | undefined;
  readonly runtime: Runtime;
  /** Most bytes of one response of the backend. */
  readonly largestBody?: number | undefined;
}

/** Opens a way to a Service. Nothing is sent to it yet. Rejects with BackendNotReached where a port-forward cannot be. */
export async function openRoute(via: Via, address: ServiceAddress, context: ClusterContext): Promise<Route> {
  const { cluster, access, runtime } = context;
  if (via === 'proxy') return { via, fetch: clusterFetch(cluster, address, runtime), close: async () => {} };
  const { scheme, name, namespace, port } = address;
  const fetch = access?.fetch ?? runtime.fetch;
  const below = serviceURL(cluster, address);
  if (via === 'direct') {
    return {
      via,
      fetch: translated(fetch, below, `${scheme}://${name}.${namespace}.svc:${port}`),
      close: async () => {},
    };
  }
  const forward = await openForward(address, context);
  const { streamFetch } = await import('../../../backend/access/stream-fetch.ts');
  const servername = `${name}.${namespace}.svc`;
  const streams = streamFetch(() => forward.connect(), { servername, tls: access?.tls });
  return {
    via,
    fetch: translated(streams.fetch, below, `${scheme}://localhost:${port}`),
    close: () => {
      streams.close();
      return forward.close();
    },
  };
}

function translated(fetch: typeof globalThis.fetch, from: string, to: string): typeof globalThis.fetch {
  return (input, init) => {
    const href = input instanceof Request ? input.url : String(input);
    if (!href.startsWith(from)) throw new Error('an address outside the Service');
    return fetch(to + href.slice(from.length), init);
  };
}

async function openForward(address: ServiceAddress, { cluster, runtime }: ClusterContext): Promise<Forward> {
  const send = sendUntraced(cluster, runtime, runtime.interrupted);
  const service = await send(serviceRequest(address));
  const name = portName(service, address.port);
  const endpoints = name === undefined ? service : await send(endpointsRequest(address));
  if (name === undefined || endpoints.status !== 200) {
    throw notForwarded(
      address,
      `the Service or its endpoints could not be read (status ${endpoints.status ?? 'none'})`,
    );
  }
  const pod = podBehind(endpoints, address.namespace, name);
  if (pod === undefined) throw notReady(address);
  return cluster.forward(pod, () => undefined);
}

/** The reason for a Service that exists, and has no pod that could respond. */
export const NOT_READY = 'BackendNotReady';

function notReady({ namespace, name }: ServiceAddress): BackendNotReached {
  const message = `the trace backend ${name} in namespace ${namespace} is not ready: no pod is ready behind it`;
  const hint = `see why: kubectl -n ${shellWord(namespace)} get pods`;
  return new BackendNotReached({ status: 'failed', reason: NOT_READY, message, hint });
}

function notForwarded(address: ServiceAddress, why: string): BackendNotReached {
  const message = `no port-forward to ${address.name} in namespace ${address.namespace}: ${why}`;
  return new BackendNotReached({ status: 'failed', reason: 'NoPortForward', message, hint: forwardRBAC(address) });
}
