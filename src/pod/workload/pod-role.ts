import { listOf, objectOf, textOf, type APIObject } from '../fields.ts';
import type { PodLifecycle } from '../lifecycle.ts';
import { daemonSetRevision } from './daemon-set.ts';
import type { WorkloadObject } from './object.ts';
import { isHeldBack, isOrdered, strategyOf } from './stateful-set.ts';

/**
 * Role of a pod in its workload. Only pods that are `current` are judged; the others are counted.
 *
 * - `replaced`: of an older revision, and to be replaced by a newer one.
 * - `finished`: over, and replaced by another pod, or a failed attempt of a Job.
 * - `terminating`: deleted, and still present.
 */
export const POD_ROLES = ['current', 'replaced', 'terminating', 'finished'] as const;
export type PodRole = (typeof POD_ROLES)[number];

/** A pod with all that is known of it. */
export interface WorkloadPod {
  /** As the API has it. */
  readonly object: APIObject;
  readonly lifecycle: PodLifecycle;
  readonly role: PodRole;
}

/** A workload with what it makes its pods through. */
export interface PodMakers {
  readonly workload: WorkloadObject;
  /**
   * For a Deployment: the UID of the ReplicaSet with the latest template; undefined while there is no such ReplicaSet.
   */
  readonly currentSet: string | undefined;
  /** For a CronJob: the UIDs of the Jobs that count. */
  readonly currentJobs: readonly string[];
}

export function workloadPod(object: APIObject, lifecycle: PodLifecycle, makers: PodMakers): WorkloadPod {
  const role = roleOf(object, makers);
  // Over for good, and its phase will say so: what owns it makes another.
  return { object, lifecycle, role: role === 'current' && lifecycle.verdict.state === 'failed' ? 'finished' : role };
}

function roleOf(pod: APIObject, makers: PodMakers): PodRole {
  const { kind } = makers.workload;
  const isJob = kind === 'Job' || kind === 'CronJob';
  const { phase } = objectOf(pod['status']);
  if (phase === 'Failed' || (phase === 'Succeeded' && !isJob)) return 'finished';
  if (objectOf(pod['metadata'])['deletionTimestamp'] !== undefined)
    return phase === 'Succeeded' ? 'current' : 'terminating';
  return isReplaced(pod, makers) ? 'replaced' : 'current';
}

function isReplaced(pod: APIObject, { workload, currentSet, currentJobs }: PodMakers): boolean {
  const owners = listOf(objectOf(pod['metadata'])['ownerReferences']).map(({ uid }) => uid);
  switch (workload.kind) {
    case 'Deployment':
      return !owners.includes(currentSet);
    case 'CronJob':
      return !owners.some((uid) => currentJobs.includes(String(uid)));
    case 'StatefulSet':
      return isOldOrdinal(pod, workload);
    case 'DaemonSet': {
      const [wanted, has] = [daemonSetRevision(workload), labelOf(pod, 'pod-template-generation')];
      const onDelete = strategyOf(workload).type === 'OnDelete';
      return !onDelete && wanted !== undefined && has !== undefined && wanted !== has;
    }
    default:
      return false;
  }
}

/**
 * A pod of an older revision that the update will reach. One that is not ready holds up an ordered update, since the
 * controller waits for it before it replaces any pod: then it counts (processReplica in
 * pkg/controller/statefulset/stateful_set_control.go).
 */
function isOldOrdinal(pod: APIObject, workload: WorkloadObject): boolean {
  if (!hasOldRevision(pod, workload)) return false;
  return !isOrdered(workload) || isPodReady(pod);
}

export function hasOldRevision(pod: APIObject, workload: WorkloadObject): boolean {
  const name = textOf(objectOf(pod['metadata'])['name']) ?? '';
  const [wanted, has] = [textOf(workload.status['updateRevision']), labelOf(pod, 'controller-revision-hash')];
  if (workload.kind !== 'StatefulSet' || wanted === undefined || has === undefined || wanted === has) return false;
  return strategyOf(workload).type !== 'OnDelete' && !isHeldBack(workload, name);
}

const labelOf = (pod: APIObject, name: string): string | undefined =>
  textOf(objectOf(objectOf(pod['metadata'])['labels'])[name]);

export const isPodReady = (pod: APIObject): boolean =>
  listOf(objectOf(pod['status'])['conditions']).some(({ type, status }) => type === 'Ready' && status === 'True');

/** How many pods have each role. */
export type RoleCounts = Readonly<Record<PodRole, number>>;

export function rolesOf(pods: readonly WorkloadPod[]): RoleCounts {
  const counts = { current: 0, replaced: 0, terminating: 0, finished: 0 };
  for (const { role } of pods) counts[role] += 1;
  return counts;
}
