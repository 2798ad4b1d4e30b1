import type { Exchange, KubeRequest, PodPort } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';
import { get, pathSegment } from './request.ts';
import type { ServiceAddress } from './service-proxy.ts';

/*
 * Which pod, and which of its ports, is behind a Service: by the Service's EndpointSlices, which know names of ports,
 * and Services without a selector too (discovery.k8s.io/v1).
 */

export function endpointsRequest({ namespace, name }: ServiceAddress): KubeRequest {
  return {
    ...get(
      'discovery',
      `/apis/discovery.k8s.io/v1/namespaces/${pathSegment(namespace)}/endpointslices`,
      'application/json',
    ),
    query: [['labelSelector', `kubernetes.io/service-name=${name}`]],
    unsampled: true,
    group: 'discovery.k8s.io',
    version: 'v1',
    resource: 'endpointslices',
    namespace,
  };
}

export function serviceRequest({ namespace, name }: Pick<ServiceAddress, 'namespace' | 'name'>): KubeRequest {
  return {
    ...get(
      'discovery',
      `/api/v1/namespaces/${pathSegment(namespace)}/services/${pathSegment(name)}`,
      'application/json',
    ),
    unsampled: true,
    group: '',
    version: 'v1',
    resource: 'services',
    namespace,
    name,
  };
}

/** The name of a Service's port, which its EndpointSlices repeat; undefined when the Service could not be read. */
export function portName({ status, body }: Exchange, port: number): string | undefined {
  const service = status === 200 ? parseJSON(body) : undefined;
  const spec = isObject(service) ? service['spec'] : undefined;
  const ports: readonly unknown[] = isObject(spec) && Array.isArray(spec['ports']) ? spec['ports'] : [];
  const found = ports.find((item) => isObject(item) && item['port'] === port);
  if (!isObject(found)) return undefined;
  return typeof found['name'] === 'string' ? found['name'] : '';
}

/** The first pod that is ready, with the port of that name. */
export function podBehind({ status, body }: Exchange, namespace: string, name: string): PodPort | undefined {
  const list = status === 200 ? parseJSON(body) : undefined;
  if (!isObject(list) || !Array.isArray(list['items'])) return undefined;
  for (const slice of list['items'] as readonly unknown[]) {
    if (!isObject(slice)) continue;
    const port = objects(slice['ports']).find((object) => (object['name'] ?? '') === name)?.['port'];
    if (typeof port !== 'number') continue;
    for (const endpoint of objects(slice['endpoints'])) {
      const { conditions, targetRef } = endpoint;
      if (isObject(conditions) && conditions['ready'] === false) continue;
      if (!isObject(targetRef) || targetRef['kind'] !== 'Pod' || typeof targetRef['name'] !== 'string') continue;
      return { namespace, name: targetRef['name'], port };
    }
  }
  return undefined;
}

const objects = (value: unknown): readonly Record<string, unknown>[] =>
  Array.isArray(value) ? (value as readonly unknown[]).filter((item) => isObject(item)) : [];
