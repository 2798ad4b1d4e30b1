import { proxiedName, type ServiceAddress } from '../../../kube/api/service-proxy.ts';

/** What has to be allowed for look-ups to be passed on by the API server. */
export const proxyRBAC = (address: ServiceAddress): string =>
  `look-ups need the verb get on services/proxy in namespace ${address.namespace} (resourceNames: ${proxiedName(address)}), which the role view does not have; or --via port-forward`;

/** What has to be allowed for a port-forward. */
export const forwardRBAC = ({ namespace }: Pick<ServiceAddress, 'namespace'>): string =>
  `a port-forward needs get on services, list on endpointslices.discovery.k8s.io, and create (and get) on pods/portforward in namespace ${namespace}`;

/** What has to be allowed for a backend to be found. */
export const LIST_RBAC =
  'finding a backend needs the verb list on services, in all namespaces or in the one where it is; else name it with --backend';
