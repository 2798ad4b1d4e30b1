import type { Exchange, KubeRequest } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';
import { get, pathSegment } from './request.ts';

/** The fields of a Service that describe what is behind it. */
export interface ServiceInfo {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** TCP only. */
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  /** It has no cluster IP, or is a name of something outside. */
  readonly headless: boolean;
}

const LIMIT = 500;

/** The Services of a namespace, or of all; `nextPage` has the rest. Leaves no span in what is looked at. */
export function servicesRequest(namespace: string | null): KubeRequest {
  const path = namespace === null ? '/api/v1/services' : `/api/v1/namespaces/${pathSegment(namespace)}/services`;
  return {
    ...get('discovery', path, 'application/json'),
    query: [['limit', String(LIMIT)]],
    unsampled: true,
    group: '',
    version: 'v1',
    resource: 'services',
    namespace,
  };
}

/** Undefined when they may not be listed, or were not. */
export function servicesOf({ status, body }: Exchange): readonly ServiceInfo[] | undefined {
  const list = status === 200 ? parseJSON(body) : undefined;
  if (!isObject(list) || !Array.isArray(list['items'])) return undefined;
  return list['items'].flatMap((item: unknown) => serviceOf(item) ?? []);
}

/** The service with the requested name; undefined when it could not be read. */
export const serviceIn = ({ status, body }: Exchange): ServiceInfo | undefined =>
  status === 200 ? serviceOf(parseJSON(body)) : undefined;

function serviceOf(item: unknown): ServiceInfo | undefined {
  if (!isObject(item) || !isObject(item['metadata']) || !isObject(item['spec'])) return undefined;
  const { name, namespace, labels } = item['metadata'];
  const { ports, clusterIP, type } = item['spec'];
  if (typeof name !== 'string' || typeof namespace !== 'string') return undefined;
  return {
    namespace,
    name,
    labels: isObject(labels) ? (labels as Readonly<Record<string, string>>) : {},
    ports: (Array.isArray(ports) ? ports : []).flatMap((port: unknown) => {
      if (!isObject(port) || typeof port['port'] !== 'number' || (port['protocol'] ?? 'TCP') !== 'TCP') return [];
      return [{ name: typeof port['name'] === 'string' ? port['name'] : '', port: port['port'] }];
    }),
    headless: clusterIP === 'None' || type === 'ExternalName',
  };
}
