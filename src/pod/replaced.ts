import { after, nanosFromMillis, type EpochNanos } from '../trace/time.ts';
import type { PodObject } from './objects.ts';
import type { Verdict } from './verdict.ts';

/** Times of the API have a resolution of one second, and two clocks write them. */
const STEP = nanosFromMillis(2000);

/**
 * The newest pod of each controller: a failed pod is no alarm once its controller has created a newer one. Evicted pods
 * and the failed tries of a Job stay for days, and what counts is what came after them.
 */
export class PodReplacements {
  readonly #newest = new Map<string, EpochNanos>();

  add(pod: PodObject): void {
    const slot = slotOf(pod);
    if (slot === undefined) return;
    const newest = this.#newest.get(slot);
    if (newest === undefined || pod.createdAt.at > newest) this.#newest.set(slot, pod.createdAt.at);
  }

  /** A newer pod was created after this one had failed. */
  isReplaced({ slot, createdAt, since }: FailedPod): boolean {
    const newest = slot === undefined ? undefined : this.#newest.get(slot);
    return newest !== undefined && newest > createdAt && after(newest, STEP) >= since;
  }
}

/** The part of a failed pod that decides whether it was replaced. */
export interface FailedPod {
  readonly slot: string | undefined;
  readonly createdAt: EpochNanos;
  readonly since: EpochNanos;
}

export const failedPod = (pod: PodObject, { since }: Pick<Verdict, 'since'>): FailedPod => ({
  slot: slotOf(pod),
  createdAt: pod.createdAt.at,
  since: (since ?? pod.createdAt).at,
});

/**
 * The place that a controller fills again, by names alone: the owners of thousands of pods are not read. A ReplicaSet of
 * a Deployment is known by its hash (k8s.io/apimachinery pkg/util/rand, SafeEncodeString), a Job of a CronJob by its
 * minutes (pkg/controller/cronjob, getJobName), an index of a Job by the pod's name (KEP-3850). Undefined for a pod
 * without a controller.
 */
function slotOf({ namespace, name, node, owners: [owner] }: PodObject): string | undefined {
  if (owner === undefined) return undefined;
  const slot = (...parts: readonly string[]): string => [namespace, owner.kind, ...parts].join('/');
  switch (owner.kind) {
    case 'ReplicaSet':
      return slot(owner.name.replace(/-[bcdfghjklmnpqrstvwxz2456789]{6,10}$/, ''));
    case 'ReplicationController':
      return slot(owner.name);
    case 'DaemonSet':
      return slot(owner.name, node ?? '');
    case 'Job': {
      const [, index = ''] = /^-(\d+)-[a-z0-9]{5}$/.exec(name.slice(owner.name.length)) ?? [];
      return slot(owner.name.replace(/-\d{8}$/, ''), index);
    }
    default:
      // A StatefulSet creates its pods under the same names again.
      return undefined;
  }
}
