import { proxiedName, type ServiceAddress } from '../../../kube/api/service-proxy.ts';

/** Permissions for look-ups through the API server's proxy. */
export const proxyRBAC = (address: ServiceAddress): string =>
  `look-ups need the verb get on services/proxy in namespace ${address.namespace} (resourceNames: ${proxiedName(address)}), which the role view does not have; or --via port-forward`;

/** Permissions for a port-forward. */
export const forwardRBAC = ({ namespace }: Pick<ServiceAddress, 'namespace'>): string =>
  `a port-forward needs get on services, list on endpointslices.discovery.k8s.io, and create (and get) on pods/portforward in namespace ${namespace}`;

/** Permissions for finding a backend. */
export const LIST_RBAC =
  'finding a backend needs the verb list on services, in all namespaces or in the one where it is; else name it with --backend';
