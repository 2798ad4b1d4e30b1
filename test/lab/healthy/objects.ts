/** An object as the API has it, with the kind that lists leave out. */
export interface APIObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
}

/** A collection that is recorded: of a namespace, or of the cluster. */
export interface Collection {
  readonly apiVersion: string;
  readonly resource: string;
  readonly kind: string;
  readonly scope: 'namespace' | 'cluster';
}

const collection = (
  apiVersion: string,
  resource: string,
  kind: string,
  scope: Collection['scope'] = 'namespace',
): Collection => ({ apiVersion, resource, kind, scope });

/**
 * Everything that may be read about a workload, in the order in which a tool would come to it: what the user names
 * first, its pods next, and what is around them last.
 */
export const collections: readonly Collection[] = [
  collection('apps/v1', 'deployments', 'Deployment'),
  collection('apps/v1', 'statefulsets', 'StatefulSet'),
  collection('apps/v1', 'daemonsets', 'DaemonSet'),
  collection('batch/v1', 'cronjobs', 'CronJob'),
  collection('batch/v1', 'jobs', 'Job'),
  collection('apps/v1', 'replicasets', 'ReplicaSet'),
  collection('v1', 'replicationcontrollers', 'ReplicationController'),
  collection('apps/v1', 'controllerrevisions', 'ControllerRevision'),
  collection('v1', 'pods', 'Pod'),
  collection('v1', 'events', 'Event'),
  collection('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim'),
  collection('v1', 'persistentvolumes', 'PersistentVolume', 'cluster'),
  collection('storage.k8s.io/v1', 'storageclasses', 'StorageClass', 'cluster'),
  collection('v1', 'resourcequotas', 'ResourceQuota'),
  collection('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget'),
  collection('v1', 'nodes', 'Node', 'cluster'),
  collection('coordination.k8s.io/v1', 'leases', 'Lease'),
];

/** The path of a collection in all namespaces. */
export const pathOf = ({ apiVersion, resource }: Collection): string =>
  `${apiVersion === 'v1' ? '/api' : '/apis'}/${apiVersion}/${resource}`;

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}

export function condition({ status }: APIObject, type: string): Condition | undefined {
  return ((status?.['conditions'] ?? []) as readonly Condition[]).find((each) => each.type === type);
}

export const holds = (object: APIObject, type: string): boolean => condition(object, type)?.status === 'True';

/** A number of a workload's spec or status; `otherwise` where the field is left out. */
export const count = (fields: APIObject['spec'], name: string, otherwise = 0): number =>
  (fields?.[name] as number | undefined) ?? otherwise;
