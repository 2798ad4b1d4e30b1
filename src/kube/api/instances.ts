import type { Exchange, KubeRequest } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';
import { get } from './request.ts';

/** A kube-apiserver, as described by the Lease that it holds. */
export interface Instance {
  /** The Lease's name, which is the `service.instance.id` of the server's spans. */
  readonly id: string;
  /** Host name of its machine; null where the Lease has none. */
  readonly host: string | null;
  /** When it held the Lease last, by its own clock, in milliseconds since the epoch; null where the Lease does not say. */
  readonly renewedMillis: number | null;
}

/**
 * Requests the leases that every running kube-apiserver holds; their names are its `service.instance.id`
 * (pkg/controlplane/apiserver/server.go of Kubernetes, since 1.26). The user may list them, and a tracer user who acts as
 * the user usually not: it is sent as the user.
 */
export function instancesRequest(): KubeRequest {
  return {
    ...get('discovery', '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases', 'application/json'),
    unsampled: true,
    query: [['labelSelector', 'apiserver.kubernetes.io/identity=kube-apiserver']],
    group: 'coordination.k8s.io',
    version: 'v1',
    resource: 'leases',
    namespace: 'kube-system',
  };
}

/** Undefined when the user may not read the leases, or there are none. */
export function instancesOf({ status, body }: Exchange): readonly Instance[] | undefined {
  const document = status === 200 ? parseJSON(body) : undefined;
  if (!isObject(document) || !Array.isArray(document['items'])) return undefined;
  const instances = document['items'].filter(isObject).flatMap((lease): Instance[] => {
    const { name, labels } = member(lease, 'metadata');
    if (typeof name !== 'string') return [];
    const host = isObject(labels) ? labels['kubernetes.io/hostname'] : undefined;
    const renewed = Date.parse(String(member(lease, 'spec')['renewTime']));
    return [
      {
        id: name,
        host: typeof host === 'string' && host !== '' ? host : null,
        renewedMillis: Number.isNaN(renewed) ? null : renewed,
      },
    ];
  });
  return instances.length === 0 ? undefined : instances;
}

const member = (object: Record<string, unknown>, name: string): Record<string, unknown> => {
  const value = object[name];
  return isObject(value) ? value : {};
};

/**
 * A running server renews its Lease every 10 s (IdentityLeaseRenewIntervalPeriod, the same file). That of a server
 * which is gone stays for an hour.
 */
const GONE_AFTER_MILLIS = 60_000;

/** The running instances, judged by each other's clocks and not by ours. A Lease without a time counts as current. */
export function runningInstances(instances: readonly Instance[]): readonly Instance[] {
  const newest = instances.reduce((last, { renewedMillis }) => Math.max(last, renewedMillis ?? last), -Infinity);
  return instances.filter(({ renewedMillis }) => renewedMillis === null || newest - renewedMillis <= GONE_AFTER_MILLIS);
}
