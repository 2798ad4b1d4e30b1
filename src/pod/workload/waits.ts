import { noPart, shell, shellPart, type ShellCommand, type ShellPart } from '../../format/shell-command.ts';
import { between, epochNanos, type EpochNanos } from '../../trace/time.ts';
import { instantOf, listOf, numberOf, objectOf, textOf, type APIObject, type Instant } from '../fields.ts';
import type { Cause, NextStep } from '../verdict.ts';
import { managerOf } from './job.ts';
import type { WorkloadObject } from './object.ts';
import type { WorkloadPod } from './pod-role.ts';
import type { WorkloadStatus } from './status.ts';

const SECOND = 1_000_000_000n;

/** ` -n shop`, where the namespace is not the default one. */
const inNamespace = (namespace: string): ShellPart => (namespace === 'default' ? noPart : shellPart` -n ${namespace}`);

export const describeWorkload = ({ kind, name, namespace }: WorkloadObject): NextStep => ({
  command: shell`kubectl describe ${kind.toLowerCase()} ${name}${inNamespace(namespace)}`,
  when: 'for its conditions and events',
});

/** A Deployment is resumed, a Job or CronJob is no longer suspended; the command depends on the kind. */
export function suspendedCause(workload: WorkloadObject, { reason, message, since }: WorkloadStatus): Cause {
  const { kind, name, namespace } = workload;
  const object = shellPart`${kind.toLowerCase()}/${name}${inNamespace(namespace)}`;
  const manager = kind === 'Job' ? managerOf(workload) : undefined;
  const patch = (field: string, value: unknown): ShellCommand =>
    shell`kubectl patch ${object} -p ${JSON.stringify({ spec: { [field]: value } })}`;
  const command =
    kind === 'Deployment'
      ? shell`kubectl rollout resume ${object}`
      : workload.spec['suspend'] === true
        ? patch('suspend', false)
        : patch('parallelism', 1);
  return {
    reason: reason === 'DeploymentPaused' ? 'DeploymentPaused' : kind === 'Job' ? 'JobSuspended' : 'CronJobSuspended',
    stage: 'Controller',
    proven: true,
    planned: true,
    final: false,
    since,
    message,
    waitingFor: { kind: 'controller', name: manager ?? kind },
    owner: 'author',
    who:
      manager ??
      (kind === 'Deployment' ? 'the user who paused it' : 'the user or the queue controller that suspended it'),
    evidence: [{ kind: 'field', text: evidenceOf(workload) }],
    next: [{ command, when: 'to let it go on' }],
  };
}

function evidenceOf({ kind, spec }: WorkloadObject): string {
  if (kind === 'Deployment') return 'spec.paused: true';
  return spec['suspend'] === true ? 'spec.suspend: true' : 'spec.parallelism: 0';
}

export const newest = (instants: readonly (Instant | undefined)[]): Instant | undefined =>
  instants.reduce(
    (one, other) => (one === undefined || (other !== undefined && other.at > one.at) ? other : one),
    undefined,
  );

/** Its pods are ready, and become available after `minReadySeconds`; undefined when that time is over. */
export function minReadyCause(
  workload: WorkloadObject,
  current: readonly WorkloadPod[],
  now: EpochNanos,
): Cause | undefined {
  const seconds = numberOf(workload.spec['minReadySeconds']) ?? 0;
  const since = newest(current.map(({ object }) => readySince(object)));
  if (seconds === 0 || since === undefined) return undefined;
  const due = epochNanos(since.at + BigInt(since.uncertainty) + BigInt(seconds) * SECOND);
  if (now > due) return undefined;
  return {
    reason: 'MinReadySeconds',
    stage: 'Readiness',
    proven: true,
    planned: true,
    final: false,
    since,
    message: `its pods are ready, and are called available after ${seconds} s without a break (${Math.ceil(between(now, due) / 1e9)} s left)`,
    waitingFor: { kind: 'controller', name: workload.kind },
    owner: 'author',
    who: 'the manifest, which sets minReadySeconds',
    evidence: [{ kind: 'field', text: `spec.minReadySeconds: ${seconds}` }],
    next: [],
    retryAt: due,
  };
}

export function readySince(pod: APIObject): Instant | undefined {
  const ready = listOf(objectOf(pod['status'])['conditions']).find(({ type }) => type === 'Ready');
  return ready?.['status'] === 'True' ? instantOf(ready['lastTransitionTime']) : undefined;
}

/** It is deleted in the foreground: its pods end first. */
export const deletionCause = (workload: WorkloadObject, status: WorkloadStatus): Cause => ({
  reason: 'Termination',
  stage: 'Termination',
  proven: true,
  planned: true,
  final: false,
  since: workload.deletedAt ?? status.since,
  message: 'it is deleted, and waits for what it owns to be deleted first',
  waitingFor: { kind: 'controller', name: workload.kind },
  owner: 'author',
  who: 'the garbage collector, after the kubelets',
  evidence: [{ kind: 'field', text: 'metadata.deletionTimestamp' }],
  next: [describeWorkload(workload)],
});

/** No pod, event or condition explains why the controller does not go on. */
export function controllerCause(workload: WorkloadObject, status: WorkloadStatus, since: Instant): Cause {
  const manager = workload.kind === 'Job' ? managerOf(workload) : undefined;
  const { message } = status;
  return {
    reason: 'Unknown',
    stage: 'Controller',
    proven: false,
    // Another controller may run the pods in another cluster, and reports when it likes (KEP-4368).
    ...(manager !== undefined && { planned: true as const }),
    final: false,
    since,
    message: `${message}; ${manager === undefined ? 'no pod, event or condition explains it' : `${manager} runs its pods`}`,
    waitingFor: { kind: 'controller', name: manager ?? workload.kind },
    owner: 'cluster-admin',
    who: manager ?? 'the administrator of kube-controller-manager',
    evidence: [],
    next: [describeWorkload(workload)],
  };
}

/** The controller has given up waiting for progress, and goes on trying. */
export function deadlineCause(workload: WorkloadObject, { message, since }: WorkloadStatus): Cause {
  const text = textOf(workload.conditions.get('Progressing')?.message) ?? '';
  return {
    reason: 'ProgressDeadlineExceeded',
    stage: 'Controller',
    proven: true,
    final: false,
    since,
    message,
    waitingFor: { kind: 'controller', name: workload.kind },
    owner: 'author',
    who: "the manifest's author",
    evidence: [{ kind: 'condition', text: `Progressing=False ProgressDeadlineExceeded ${text}`.trim() }],
    next: [describeWorkload(workload)],
  };
}
