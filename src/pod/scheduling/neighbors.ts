import { objectOf, textOf, type APIObject } from '../fields.ts';
import { requirementsOf, type Taint } from '../placement.ts';
import { demandOf, type Demand, type HostPort } from './demand.ts';
import { amountsOf } from './quantity.ts';
import { selects } from './selector.ts';

/** Another pod, as far as it can be in the way of the one that waits. */
export interface Neighbor {
  readonly namespace: string;
  readonly name: string;
  readonly node: string | undefined;
  readonly isDeleted: boolean;
  readonly hasEnded: boolean;
  readonly demand: Demand;
}

/** A node, as far as it can be the right one. */
export interface Candidate {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly isCordoned: boolean;
  /** Resources that pods may use in total: cores, bytes, pieces. */
  readonly allocatable: ReadonlyMap<string, number>;
}

/** A PersistentVolumeClaim of the pod that waits. */
export interface VolumeClaim {
  readonly name: string;
  /** Undefined for a claim that does not exist. */
  readonly phase: string | undefined;
  readonly storageClass: string | undefined;
  readonly volume: string | undefined;
  /** Where the volume can be used: `topology.kubernetes.io/zone In (eu-1a)`; undefined for everywhere, or not read. */
  readonly volumeNodes: string | undefined;
  readonly isDeleted: boolean;
  /** The newest warning about it: ProvisioningFailed, FailedBinding. */
  readonly warning: string | undefined;
}

/** Objects read for an unscheduled pod. Each part is undefined when it was not read or access was forbidden. */
export interface SchedulingObjects {
  readonly pods?: readonly Neighbor[] | undefined;
  readonly nodes?: readonly Candidate[] | undefined;
  /** Taints of all nodes, the most common first. */
  readonly taints?: readonly Taint[] | undefined;
  readonly claims?: readonly VolumeClaim[] | undefined;
}

/** The pods that matter to the scheduler: those that have a node and have not ended. */
export function neighborsOf(pods: readonly unknown[]): readonly Neighbor[] {
  return pods.map((value) => {
    const pod = objectOf(value);
    const metadata = objectOf(pod['metadata']);
    const phase = objectOf(pod['status'])['phase'];
    return {
      namespace: textOf(metadata['namespace']) ?? '',
      name: textOf(metadata['name']) ?? '',
      node: textOf(objectOf(pod['spec'])['nodeName']),
      isDeleted: metadata['deletionTimestamp'] !== undefined,
      hasEnded: phase === 'Succeeded' || phase === 'Failed',
      demand: demandOf(pod),
    };
  });
}

export function candidatesOf(nodes: readonly unknown[]): readonly Candidate[] {
  return nodes.map((value) => {
    const node = objectOf(value);
    const metadata = objectOf(node['metadata']);
    return {
      name: textOf(metadata['name']) ?? '',
      labels: objectOf(metadata['labels']) as Readonly<Record<string, string>>,
      isCordoned: objectOf(node['spec'])['unschedulable'] === true,
      allocatable: amountsOf(objectOf(node['status'])['allocatable']),
    };
  });
}

export function volumeClaimOf(name: string, value: unknown, pv: unknown, warning: string | undefined): VolumeClaim {
  const claim = objectOf(value);
  const metadata: APIObject = objectOf(claim['metadata']);
  const spec = objectOf(claim['spec']);
  return {
    name,
    phase: textOf(objectOf(claim['status'])['phase']),
    storageClass: textOf(spec['storageClassName']),
    volume: textOf(spec['volumeName']),
    volumeNodes:
      requirementsOf(objectOf(objectOf(objectOf(pv)['spec'])['nodeAffinity'])['required']).join(', ') || undefined,
    isDeleted: metadata['deletionTimestamp'] !== undefined,
    warning,
  };
}

const active = (pods: readonly Neighbor[]): readonly Neighbor[] =>
  pods.filter(({ node, hasEnded }) => node !== undefined && !hasEnded);

/** Pods on nodes that hold one of these host ports (pkg/scheduler/framework/types.go, HostPortInfo.CheckConflict). */
export const holdersOf = (ports: readonly HostPort[], pods: readonly Neighbor[]): readonly Neighbor[] =>
  active(pods).filter(({ demand }) =>
    demand.hostPorts.some((held) =>
      ports.some(
        ({ port, protocol, address }) =>
          port === held.port &&
          protocol === held.protocol &&
          (address === held.address || address === '0.0.0.0' || held.address === '0.0.0.0'),
      ),
    ),
  );

/** Pods that the waiting pod must not share a topology with, by its own anti-affinity. */
export const repelled = (
  { antiAffinity }: Pick<Demand, 'antiAffinity'>,
  namespace: string,
  pods: readonly Neighbor[],
): readonly Neighbor[] =>
  active(pods).filter((pod) =>
    antiAffinity.some(
      ({ selector, namespaces, anyNamespace }) =>
        (anyNamespace ||
          (namespaces.length === 0 ? pod.namespace === namespace : namespaces.includes(pod.namespace))) &&
        selects(selector, pod.demand.labels),
    ),
  );

/** Pods whose own anti-affinity keeps the waiting pod away. */
export const repelling = (
  { labels }: Pick<Demand, 'labels'>,
  namespace: string,
  pods: readonly Neighbor[],
): readonly Neighbor[] =>
  active(pods).filter((pod) => repelled(pod.demand, pod.namespace, [waiting(labels, namespace)]).length > 0);

const waiting = (labels: Demand['labels'], namespace: string): Neighbor => ({
  namespace,
  name: '',
  node: '',
  isDeleted: false,
  hasEnded: false,
  demand: { ...demandOf({}), labels },
});
