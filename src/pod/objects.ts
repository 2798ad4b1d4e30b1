import { containersOf, type Container } from './containers.ts';
import { demandOf, type Demand } from './scheduling/demand.ts';
import { labelsOf, tolerationsOf, type Toleration } from './placement.ts';
import { instantOf, listOf, numberOf, objectOf, textOf, textsOf, type APIObject, type Instant } from './fields.ts';

/** Another object that this one belongs to (`metadata.ownerReferences`, the controller's first). */
export interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export type VolumeSources = Readonly<Record<'configmap' | 'secret', readonly string[]>>;

/** A condition of any object: when it last became what it is, and why. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly changed: Instant | undefined;
  /** When it was written last, also with the same status; few kinds have it. */
  readonly updated: Instant | undefined;
}

export interface PodObject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: Instant;
  /** When its deletion was requested, and how long its containers have to end. */
  readonly deletion:
    | { readonly requestedAt: Instant; readonly dueAt: Instant; readonly graceSeconds: number }
    | undefined;
  readonly finalizers: readonly string[];
  readonly owners: readonly OwnerReference[];
  readonly node: string | undefined;
  readonly schedulerName: string;
  readonly restartPolicy: string;
  /** How long its containers have to end, unless its deletion says otherwise. */
  readonly graceSeconds: number;
  readonly schedulingGates: readonly string[];
  readonly readinessGates: readonly string[];
  /** Node labels that it requires: `disk=nvme`, and other label requirements in words. */
  readonly labels: readonly string[];
  readonly tolerations: readonly Toleration[];
  /** Other requirements that the scheduler must satisfy: ports, neighbors, devices. */
  readonly demand: Demand;
  /** The ConfigMaps and Secrets of each volume, by the volume's name. */
  readonly volumeSources: ReadonlyMap<string, VolumeSources>;
  /** PersistentVolumeClaims, by name. */
  readonly claims: readonly string[];
  readonly phase: string;
  /** Reason for the pod's status: Evicted, NodeAffinity, OutOfcpu… */
  readonly reason: string | undefined;
  readonly message: string | undefined;
  /** When the kubelet acknowledged the pod. */
  readonly acknowledgedAt: Instant | undefined;
  readonly conditions: ReadonlyMap<string, Condition>;
  /** `status.resize` of 1.27 to 1.32; conditions report it since 1.33 (KEP-1287). */
  readonly resize: string | undefined;
  /** Init containers first, in the order of the spec. */
  readonly containers: readonly Container[];
}

/** Undefined for what is no pod. */
export function podOf(value: unknown): PodObject | undefined {
  const pod = objectOf(value);
  const metadata = objectOf(pod['metadata']);
  const spec = objectOf(pod['spec']);
  const status = objectOf(pod['status']);
  const createdAt = instantOf(metadata['creationTimestamp']);
  const uid = textOf(metadata['uid']);
  const name = textOf(metadata['name']);
  if (createdAt === undefined || uid === undefined || name === undefined) return undefined;
  return {
    namespace: textOf(metadata['namespace']) ?? '',
    name,
    uid,
    createdAt,
    deletion: deletionOf(metadata),
    finalizers: textsOf(metadata['finalizers']),
    owners: ownersOf(metadata),
    node: textOf(spec['nodeName']),
    schedulerName: textOf(spec['schedulerName']) ?? 'default-scheduler',
    restartPolicy: textOf(spec['restartPolicy']) ?? 'Always',
    graceSeconds: numberOf(spec['terminationGracePeriodSeconds']) ?? 30,
    schedulingGates: listOf(spec['schedulingGates']).flatMap((gate) => textOf(gate['name']) ?? []),
    readinessGates: listOf(spec['readinessGates']).flatMap((gate) => textOf(gate['conditionType']) ?? []),
    labels: labelsOf(spec),
    tolerations: tolerationsOf(spec),
    demand: demandOf(pod),
    volumeSources: new Map(listOf(spec['volumes']).map((volume) => [textOf(volume['name']) ?? '', sourcesOf(volume)])),
    claims: listOf(spec['volumes']).flatMap(
      (volume) => textOf(objectOf(volume['persistentVolumeClaim'])['claimName']) ?? [],
    ),
    phase: textOf(status['phase']) ?? 'Pending',
    reason: textOf(status['reason']),
    message: textOf(status['message']),
    acknowledgedAt: instantOf(status['startTime']),
    conditions: conditionsOf(status),
    resize: textOf(status['resize']),
    containers: [
      ...containersOf(spec['initContainers'], status['initContainerStatuses'], true),
      ...containersOf(spec['containers'], status['containerStatuses'], false),
    ],
  };
}

/** A volume of one object, or a projected one of several (k8s.io/api core/v1 VolumeSource). */
function sourcesOf(volume: APIObject): VolumeSources {
  const sources = [volume, ...listOf(objectOf(volume['projected'])['sources'])];
  return {
    configmap: sources.flatMap(({ configMap }) => textOf(objectOf(configMap)['name']) ?? []),
    secret: sources.flatMap(
      ({ secret }) => textOf(objectOf(secret)['secretName']) ?? textOf(objectOf(secret)['name']) ?? [],
    ),
  };
}

/** `deletionTimestamp` is when the grace period ends, not when it began. */
function deletionOf(metadata: APIObject): PodObject['deletion'] {
  const dueAt = instantOf(metadata['deletionTimestamp']);
  if (dueAt === undefined) return undefined;
  const graceSeconds = numberOf(metadata['deletionGracePeriodSeconds']) ?? 0;
  const at = (dueAt.at - BigInt(graceSeconds) * 1_000_000_000n) as Instant['at'];
  return { requestedAt: { ...dueAt, at }, dueAt, graceSeconds };
}

export const ownersOf = (metadata: APIObject): readonly OwnerReference[] =>
  listOf(metadata['ownerReferences'])
    .toSorted((one, other) => Number(other['controller'] === true) - Number(one['controller'] === true))
    .map((owner) => ({
      kind: textOf(owner['kind']) ?? '',
      name: textOf(owner['name']) ?? '',
      uid: textOf(owner['uid']) ?? '',
    }));

export function conditionsOf(status: APIObject): ReadonlyMap<string, Condition> {
  const conditions = listOf(status['conditions']).map((condition): Condition => {
    const value = textOf(condition['status']);
    return {
      type: textOf(condition['type']) ?? '',
      status: value === 'True' || value === 'False' ? value : 'Unknown',
      reason: textOf(condition['reason']),
      message: textOf(condition['message']),
      changed: instantOf(condition['lastTransitionTime']),
      updated: instantOf(condition['lastUpdateTime']),
    };
  });
  return new Map(conditions.map((condition) => [condition.type, condition]));
}
