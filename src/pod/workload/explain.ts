import { noPart, shell, shellPart } from '../../format/shell-command.ts';
import { objectOf } from '../fields.ts';
import type { Stage } from '../stage.ts';
import type { Cause } from '../verdict.ts';
import { active, creationOf, current, isStuck, ofRole, worstOf } from './workload-pods.ts';
import { SERVES, type WorkloadSnapshot } from './workload-snapshot.ts';
import { hasOldRevision, type WorkloadPod } from './pod-role.ts';
import { refusedCause } from './refused.ts';
import { undoStep } from './rollback.ts';
import { isOrdered } from './stateful-set.ts';
import { newest } from './waits.ts';

/** Why a workload is not done, from a refusal or a current pod; undefined while there is no trouble. */
export function explained(snapshot: WorkloadSnapshot): Cause | undefined {
  const worst = worstOf(current(snapshot.pods));
  const refusal = refused(snapshot);
  if (refusal !== undefined && (worst === undefined || !isStuck(worst))) return refusal;
  const cause = worst?.lifecycle.verdict.cause;
  return worst === undefined || cause == null
    ? undefined
    : inOrder(withUndo(afterEnding(cause, snapshot), worst, snapshot), worst, snapshot);
}

/** Faults that come with a template, or that an earlier template may not have. */
const OF_TEMPLATE: ReadonlySet<Stage> = new Set<Stage>([
  'ImagePull',
  'InitContainers',
  'ContainerCreate',
  'ContainerStart',
  'Startup',
  'Readiness',
  'Running',
]);

const isOfTemplate = ({ owner, stage }: Cause): boolean => owner === 'author' && OF_TEMPLATE.has(stage);

/** Pods of a revision before still serve: that revision is known to work. */
function withUndo(cause: Cause, worst: WorkloadPod, { pods, read: { workload, rollback } }: WorkloadSnapshot): Cause {
  const serves = ofRole(pods, 'replaced').some(({ lifecycle }) => lifecycle.verdict.state === 'ready');
  if (rollback === undefined || !serves || !isStuck(worst) || !isOfTemplate(cause)) return cause;
  return { ...cause, next: [...cause.next, undoStep(workload, rollback)] };
}

/** Where a pod that is about to end may be what a new one waits for: its node's resources, a host port, a volume. */
const FREED: ReadonlySet<Stage> = new Set<Stage>(['Scheduling', 'Volumes']);

/** A pod that is terminating still has its resources, and leaves them to the next one within its grace period. */
function afterEnding(cause: Cause, { pods }: WorkloadSnapshot): Cause {
  const ending = ofRole(pods, 'terminating').some((pod) => !isStuck(pod));
  return ending && FREED.has(cause.stage) ? { ...cause, planned: true } : cause;
}

/** A StatefulSet goes on with the next pod only when this one is ready. */
function inOrder(cause: Cause, worst: WorkloadPod, { read: { workload, status } }: WorkloadSnapshot): Cause {
  const { object, lifecycle } = worst;
  if (workload.kind !== 'StatefulSet' || !isOrdered(workload)) return cause;
  const where = workload.namespace === 'default' ? noPart : shellPart` -n ${workload.namespace}`;
  if (hasOldRevision(object, workload)) {
    // The controller waits for it before it replaces any pod (stateful_set_control.go, processReplica).
    const command = shell`kubectl delete pod ${lifecycle.name}${where}`;
    return {
      ...cause,
      message: `${cause.message}; ${lifecycle.name} has an older revision, and the update waits until it is ready`,
      next: [{ command, when: 'to recreate it from the latest template' }, ...cause.next],
    };
  }
  const fixed =
    isOfTemplate(cause) && isStuck(worst)
      ? [
          {
            command: shell`kubectl delete pod ${lifecycle.name}${where}`,
            when: 'after fixing the template; otherwise the update waits for this pod',
          },
        ]
      : [];
  const next = [...cause.next, ...fixed];
  const waits = /: (\S+ waits for (\S+))$/.exec(status.message);
  return waits === null || waits[2] !== lifecycle.name
    ? { ...cause, next }
    : { ...cause, next, message: `${waits[1]}: ${cause.message}` };
}

/** A pod that the API server refuses to create, while fewer exist than are wanted. */
export function refused({ read: { workload, status }, pods, events }: WorkloadSnapshot): Cause | undefined {
  const wanted = status.counts.wanted ?? 1;
  const missing = wanted - active(pods).length;
  if (wanted === 0 || missing <= 0) return undefined;
  const cause = refusedCause({ workload, events, newestPod: newest(pods.map(creationOf)), wanted, missing });
  if (cause?.reason !== 'QuotaExceeded') return cause;
  // A pod that is about to end still uses the quota, and makes room for the next one.
  const ending = ofRole(pods, 'terminating').filter((pod) => !isStuck(pod));
  return ending.length === 0 ? cause : { ...cause, planned: true };
}

/** Where a new pod is made only when another one is gone, that one explains the wait. */
export function blockedCause({ read: { workload, status }, pods }: WorkloadSnapshot): Cause | undefined {
  const { kind, spec } = workload;
  const waitsForEnd =
    kind === 'StatefulSet' ||
    kind === 'DaemonSet' ||
    (kind === 'Deployment' && objectOf(spec['strategy'])['type'] === 'Recreate') ||
    (kind === 'Job' && spec['podReplacementPolicy'] === 'Failed');
  if (!waitsForEnd || active(pods).length >= (status.counts.wanted ?? 0)) return undefined;
  return worstOf(ofRole(pods, 'terminating'))?.lifecycle.verdict.cause ?? undefined;
}

/** This many pods that ended as soon as they were made are a fault, fewer may be bad luck. */
const SEVERAL = 3;
/** Older ones remain from something else. */
const RECENT = 600_000_000_000n;

/** Pods that are made again and again, and end before they are ready: rejected by a kubelet, or evicted. */
export function failedPodsCause({ now, read: { workload, status }, pods }: WorkloadSnapshot): Cause | undefined {
  if (!SERVES.has(workload.kind) || current(pods).length >= (status.counts.wanted ?? 0)) return undefined;
  const failed = ofRole(pods, 'finished')
    .filter(({ lifecycle }) => now - lifecycle.startedAt < RECENT)
    .toSorted((one, other) => Number(other.lifecycle.startedAt - one.lifecycle.startedAt));
  const cause = failed[0]?.lifecycle.verdict.cause;
  return cause == null ? undefined : { ...cause, final: false, proven: failed.length >= SEVERAL };
}
