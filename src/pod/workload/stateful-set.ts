import { counted } from '../../format/counted.ts';
import { numberOf, objectOf, textOf } from '../fields.ts';
import { countOf, replicasOf, updatedOf, type WorkloadObject } from './object.ts';
import { onDeleteWords } from './daemon-set.ts';
import { NO_COUNTS, pods, reported, unobserved, type Reported } from './status.ts';

/** A pod of a StatefulSet, as far as the order of the others depends on it. */
export interface OrdinalPod {
  readonly name: string;
  /** Running, ready, and not terminating. */
  readonly isReady: boolean;
}

/**
 * How far it is, in the order in which `kubectl rollout status` looks (k8s.io/kubectl
 * pkg/polymorphichelpers/rollout_status.go), which has no opinion on the strategies OnDelete and Recreate.
 */
export function statefulSetStatus(object: WorkloadObject, ordinalPods: readonly OrdinalPod[]): Reported {
  const wanted = replicasOf(object);
  const current = countOf(object, 'replicas');
  const updated = updatedOf(object, 'updatedReplicas', current);
  const [ready, available] = [countOf(object, 'readyReplicas'), countOf(object, 'availableReplicas')];
  const counts = { ...NO_COUNTS, wanted, current, updated, ready, available };
  const revision = textOf(object.status['updateRevision']) ?? null;
  const early = unobserved(object, counts);
  if (early !== undefined) return { ...early, revision };
  const limit = numberOf(object.spec['replicas']) ?? 0;
  if (ready < limit) {
    const missing = current < wanted ? `, ${current} of ${wanted} created` : '';
    const order = orderWords(object, ordinalPods);
    const message = `${ready} of ${wanted} ready${missing}${order === undefined ? '' : `: ${order}`}`;
    return reported(object, 'progressing', message, counts, { revision });
  }
  const { type, rolling, partition } = strategyOf(object);
  const message = wanted === 0 ? 'scaled to 0' : `${ready} of ${wanted} ready`;
  if (type === 'OnDelete') {
    const remarks = updated < wanted ? [onDeleteWords(wanted - updated)] : [];
    return reported(object, 'done', message, counts, { revision, remarks });
  }
  const isBehind = textOf(object.status['currentRevision']) !== textOf(object.status['updateRevision']);
  const goal = Math.max(0, limit - partition);
  if (rolling ? updated < goal : isBehind) {
    const words = partition > 0 ? `, from ordinal ${startOf(object) + partition} on` : '';
    const behind = `${updated} of ${counted(goal, 'pod has', 'pods have')} the latest template${words}`;
    return reported(object, 'progressing', behind, counts, { revision });
  }
  const held = partition > 0 && updated < wanted ? [heldWords(wanted - updated, partition)] : [];
  return reported(object, 'done', message, counts, { revision, remarks: held });
}

const heldWords = (count: number, partition: number): string =>
  `${pods(count, ' keeps', ' keep')} an older template: the partition ${partition} holds back the update`;

interface Strategy {
  readonly type: string;
  /** Its pods are compared by count, as with the defaults of the API, where a partition is always given. */
  readonly rolling: boolean;
  readonly partition: number;
}

export function strategyOf({ spec }: WorkloadObject): Strategy {
  const strategy = objectOf(spec['updateStrategy']);
  const partition = numberOf(objectOf(strategy['rollingUpdate'])['partition']);
  const type = textOf(strategy['type']) ?? 'RollingUpdate';
  return {
    type,
    rolling: type === 'RollingUpdate' && strategy['rollingUpdate'] !== undefined,
    partition: partition ?? 0,
  };
}

/** One pod after the other, each when those before it are ready (pkg/controller/statefulset/stateful_set_control.go). */
export const isOrdered = ({ spec }: WorkloadObject): boolean => spec['podManagementPolicy'] !== 'Parallel';

const startOf = ({ spec }: WorkloadObject): number => numberOf(objectOf(spec['ordinals'])['start']) ?? 0;

/** Undefined for a name of another form. */
export function ordinalOf(name: string): number | undefined {
  const [, digits] = /-(\d+)$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** The pod keeps its revision although there is a newer one: its ordinal is below the partition. */
export function isHeldBack(object: WorkloadObject, name: string): boolean {
  const { partition } = strategyOf(object);
  return (ordinalOf(name) ?? 0) < startOf(object) + partition;
}

/** `db-1 waits for db-0`: the next pod, and the first one that keeps it from being made. */
function orderWords(object: WorkloadObject, ordinalPods: readonly OrdinalPod[]): string | undefined {
  if (!isOrdered(object)) return undefined;
  const byName = new Map(ordinalPods.map((pod) => [pod.name, pod]));
  const start = startOf(object);
  const names = Array.from(
    { length: Math.min(replicasOf(object), 10_000) },
    (_, index) => `${object.name}-${start + index}`,
  );
  const blocker = names.find((name) => byName.get(name)?.isReady !== true);
  const next = names.find((name) => !byName.has(name));
  if (blocker === undefined || next === undefined || next === blocker) return undefined;
  return `${next} waits for ${blocker}`;
}
