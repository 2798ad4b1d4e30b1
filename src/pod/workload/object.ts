import { instantOf, listOf, numberOf, objectOf, textOf, type APIObject, type Instant } from '../fields.ts';
import { conditionsOf, type Condition } from '../objects.ts';

/** An object that makes pods, with the parts that every kind of it has. */
export interface WorkloadObject {
  /** As in the API: `Deployment`. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: Instant;
  /** Undefined for an object that the API server did not count the changes of. */
  readonly generation: number | undefined;
  readonly observedGeneration: number | undefined;
  /** When its spec was changed last, as far as the object knows. */
  readonly changedAt: Instant;
  /** When its controller changed the status last; undefined where the object does not say. */
  readonly reportedAt: Instant | undefined;
  /** The object says when it was written (`metadata.managedFields`), or no controller has acted on it yet. */
  readonly isDated: boolean;
  /** It is deleted, and held by a finalizer: that of a foreground deletion waits for its pods. */
  readonly deletedAt: Instant | undefined;
  readonly annotations: APIObject;
  readonly spec: APIObject;
  readonly status: APIObject;
  readonly conditions: ReadonlyMap<string, Condition>;
}

/** Undefined for a value that is no object of the API. */
export function workloadObjectOf(value: unknown): WorkloadObject | undefined {
  const object = objectOf(value);
  const metadata = objectOf(object['metadata']);
  const status = objectOf(object['status']);
  const createdAt = instantOf(metadata['creationTimestamp']);
  const uid = textOf(metadata['uid']);
  if (createdAt === undefined || uid === undefined) return undefined;
  return {
    kind: textOf(object['kind']) ?? '',
    namespace: textOf(metadata['namespace']) ?? '',
    name: textOf(metadata['name']) ?? '',
    uid,
    createdAt,
    generation: numberOf(metadata['generation']),
    observedGeneration: numberOf(status['observedGeneration']),
    changedAt: writeOf(metadata, false) ?? createdAt,
    reportedAt: writeOf(metadata, true),
    isDated: metadata['managedFields'] !== undefined || status['observedGeneration'] === undefined,
    deletedAt: instantOf(metadata['deletionTimestamp']),
    annotations: objectOf(metadata['annotations']),
    spec: objectOf(object['spec']),
    status,
    conditions: conditionsOf(status),
  };
}

/** The newest write of the status, or of the rest (`metadata.managedFields`). */
function writeOf(metadata: APIObject, ofStatus: boolean): Instant | undefined {
  const writes = listOf(metadata['managedFields'])
    .filter((entry) => (entry['subresource'] === 'status') === ofStatus)
    .flatMap((entry) => instantOf(entry['time']) ?? []);
  return writes.reduce<Instant | undefined>(
    (one, other) => (one === undefined || other.at > one.at ? other : one),
    undefined,
  );
}

/** The controller has seen the latest spec. Jobs and CronJobs do not say (k8s.io/api batch/v1 types.go). */
export const isObserved = ({ kind, generation, observedGeneration = 0 }: WorkloadObject): boolean =>
  generation === undefined || kind === 'Job' || kind === 'CronJob' || generation <= observedGeneration;

/** A count of the status: the API leaves out what is 0. */
export const countOf = ({ status }: WorkloadObject, name: string): number => numberOf(status[name]) ?? 0;

/**
 * How many pods have the latest template. An object that was cut down, as in a saved file, may lack the count, and with it
 * the generations that every controller writes: then nothing says that a pod is behind.
 */
export const updatedOf = (object: WorkloadObject, name: string, all: number): number =>
  object.generation === undefined && object.observedGeneration === undefined && object.status[name] === undefined
    ? all
    : countOf(object, name);

/** `spec.replicas`; the API's default is 1. */
export const replicasOf = ({ spec }: WorkloadObject): number => numberOf(spec['replicas']) ?? 1;

/** The condition, if it is True. */
export function trueCondition({ conditions }: WorkloadObject, type: string): Condition | undefined {
  const condition = conditions.get(type);
  return condition?.status === 'True' ? condition : undefined;
}
