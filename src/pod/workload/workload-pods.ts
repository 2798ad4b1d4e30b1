import { instantOf, objectOf, type Instant } from '../fields.ts';
import { STATES } from '../verdict.ts';
import type { PodRole, WorkloadPod } from './pod-role.ts';

export const ofRole = (pods: readonly WorkloadPod[], role: PodRole): readonly WorkloadPod[] =>
  pods.filter((pod) => pod.role === role);

export const current = (pods: readonly WorkloadPod[]): readonly WorkloadPod[] => ofRole(pods, 'current');

/** Pods that still do what their workload wants of them: a pod of a Job that has succeeded makes room for the next. */
export const active = (pods: readonly WorkloadPod[]): readonly WorkloadPod[] =>
  current(pods).filter(({ object }) => objectOf(object['status'])['phase'] !== 'Succeeded');

export const isStuck = ({ lifecycle }: WorkloadPod): boolean =>
  lifecycle.verdict.state === 'stuck' || lifecycle.verdict.state === 'failed';

/** The pod with the worst state that has a cause, and of the same state the oldest. */
export const worstOf = (pods: readonly WorkloadPod[]): WorkloadPod | undefined =>
  pods
    .filter(({ lifecycle }) => lifecycle.verdict.cause !== null)
    .toSorted(
      (one, other) =>
        STATES.indexOf(other.lifecycle.verdict.state) - STATES.indexOf(one.lifecycle.verdict.state) ||
        Number(one.lifecycle.startedAt - other.lifecycle.startedAt),
    )[0];

export const creationOf = ({ object }: WorkloadPod): Instant | undefined =>
  instantOf(objectOf(object['metadata'])['creationTimestamp']);
