import { shell } from '../../format/shell-command.ts';
import { inNamespace } from '../causes/evidence.ts';
import { instantOf, listOf, numberOf, objectOf, type APIObject } from '../fields.ts';
import type { NextStep } from '../verdict.ts';
import { revisionOf } from './deployment.ts';
import type { WorkloadObject } from './object.ts';
import { isPodReady } from './pod-role.ts';

/** A revision before the current one that is known to have worked. */
export interface Rollback {
  readonly revision: string;
  /** `kubectl rollout undo` goes there without being given the revision. */
  readonly isPrevious: boolean;
}

/**
 * The newest older revision that has available pods, else the previous one where it is known to have had some. Undefined
 * where no older revision has been seen to work: to go back to it may change nothing.
 */
export function rollbackOf(
  deployment: WorkloadObject,
  sets: readonly APIObject[],
  current: APIObject | undefined,
  pods: readonly APIObject[],
): Rollback | undefined {
  if (current === undefined) return undefined;
  const older = sets
    .filter((set) => set !== current && revisionOf(set) !== undefined)
    .toSorted((one, other) => Number(revisionOf(other)) - Number(revisionOf(one)));
  const working =
    older.find((set) => hasAvailable(set, pods)) ?? (hadAvailable(deployment, older) ? older[0] : undefined);
  const revision = working === undefined ? undefined : revisionOf(working);
  return revision === undefined ? undefined : { revision, isPrevious: working === older[0] };
}

function hasAvailable(set: APIObject, pods: readonly APIObject[]): boolean {
  if ((numberOf(objectOf(set['status'])['availableReplicas']) ?? 0) > 0) return true;
  const { uid } = objectOf(set['metadata']);
  return pods.some(
    (pod) =>
      isPodReady(pod) && listOf(objectOf(pod['metadata'])['ownerReferences']).some((owner) => owner['uid'] === uid),
  );
}

/** The controller writes the first condition within a few seconds. */
const FIRST_CONDITION = 10_000_000_000n;

/**
 * The Deployment stopped being available (`Available` becomes False at the creation, and later only after it was True)
 * when the previous revision was there, and no pods of a still older one are.
 */
function hadAvailable({ conditions }: WorkloadObject, [previous, ...others]: readonly APIObject[]): boolean {
  const available = conditions.get('Available');
  const created = instantOf(objectOf(previous?.['metadata'])['creationTimestamp']);
  if (available?.status !== 'False' || available.changed === undefined || created === undefined) return false;
  const isLast = others.every((set) => (numberOf(objectOf(set['status'])['replicas']) ?? 0) === 0);
  return isLast && available.changed.at > created.at + FIRST_CONDITION;
}

export const undoStep = ({ name, namespace }: WorkloadObject, { revision, isPrevious }: Rollback): NextStep => {
  const where = inNamespace({ pod: { namespace } });
  return isPrevious
    ? {
        command: shell`kubectl rollout undo deployment/${name}${where}`,
        when: 'to roll back to the previous revision',
      }
    : {
        command: shell`kubectl rollout undo deployment/${name}${where} --to-revision=${revision}`,
        when: `to roll back to revision ${revision}, which has available pods`,
      };
};
