import { between, epochNanos, type EpochNanos } from '../../trace/time.ts';
import type { APIEvent } from '../events.ts';
import { instantOf, listOf, numberOf, objectOf, textOf, type APIObject, type Instant } from '../fields.ts';
import type { Cause, NextStep } from '../verdict.ts';
import { managerOf } from './job.ts';
import type { WorkloadObject } from './object.ts';
import type { WorkloadPod } from './pod-role.ts';
import type { WorkloadStatus } from './status.ts';

const SECOND = 1_000_000_000n;

/** ` -n shop`, where the namespace is not the default one. */
const inNamespace = (namespace: string): string => (namespace === 'default' ? '' : ` -n ${namespace}`);

export const describeWorkload = ({ kind, name, namespace }: WorkloadObject): NextStep => ({
  command: `kubectl describe ${kind.toLowerCase()} ${name}${inNamespace(namespace)}`,
  when: 'for its conditions and events',
});

/** A Deployment is resumed, a Job or CronJob is no longer suspended; the command depends on the kind. */
export function suspendedCause(workload: WorkloadObject, { reason, message, since }: WorkloadStatus): Cause {
  const { kind, name, namespace } = workload;
  const object = `${kind.toLowerCase()}/${name}${inNamespace(namespace)}`;
  const manager = kind === 'Job' ? managerOf(workload) : undefined;
  const patch = (field: string, value: unknown): string =>
    `kubectl patch ${object} -p '${JSON.stringify({ spec: { [field]: value } })}'`;
  const command =
    kind === 'Deployment'
      ? `kubectl rollout resume ${object}`
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
    who: manager ?? (kind === 'Deployment' ? 'the user who paused it' : 'the user or the queue controller that suspended it'),
    evidence: [{ kind: 'field', text: evidenceOf(workload) }],
    next: [{ command, when: 'to let it go on' }],
  };
}

function evidenceOf({ kind, spec }: WorkloadObject): string {
  if (kind === 'Deployment') return 'spec.paused: true';
  return spec['suspend'] === true ? 'spec.suspend: true' : 'spec.parallelism: 0';
}

/** The pause after the first failure of a pod of a Job. */
const FIRST_PAUSE = 10n * SECOND;
const LONGEST_PAUSE = 600n * SECOND;

/**
 * A Job whose last pods have failed, and whose controller waits before it makes the next one: 10 s after the first
 * failure, twice as long after each further one, at most 10 minutes (pkg/controller/job/backoff_utils.go). Undefined when
 * that time is over.
 */
export function backOffCause(
  workload: WorkloadObject,
  finished: readonly WorkloadPod[],
  events: readonly APIEvent[],
  now: EpochNanos,
): Cause | undefined {
  const failures = finished.filter(({ object }) => objectOf(object['status'])['phase'] === 'Failed');
  const count = Math.max(failures.length, numberOf(workload.status['failed']) ?? 0);
  const ends = failures.map(({ object }) => endOf(object)).toSorted((one, other) => Number(one.at - other.at));
  const last = ends.at(-1) ?? events.at(-1)?.last;
  if (count === 0 || last === undefined) return undefined;
  let pause = FIRST_PAUSE;
  for (let failure = 1; failure < count && pause < LONGEST_PAUSE; failure++) pause *= 2n;
  if (pause > LONGEST_PAUSE) pause = LONGEST_PAUSE;
  const retryAt = epochNanos(last.at + BigInt(last.uncertainty) + pause);
  if (now > retryAt) return undefined;
  const newest = failures.toSorted((one, other) => Number(endOf(other.object).at - endOf(one.object).at))[0]?.story;
  const cause = newest?.verdict.cause ?? undefined;
  const limit = numberOf(workload.spec['backoffLimit']) ?? 6;
  const failed = newest === undefined ? 'its last pod failed' : `pod ${newest.name} failed${cause === undefined ? '' : ` (${cause.message})`}`;
  return {
    reason: 'JobBackOff',
    stage: 'Controller',
    proven: true,
    planned: true,
    final: false,
    since: last,
    message: `${failed}, failure ${count} with a backoffLimit of ${limit}; the Job controller makes the next pod after a pause`,
    waitingFor: { kind: 'controller', name: 'Job' },
    owner: 'author',
    who: cause?.who ?? 'the author of the program, if it goes on failing',
    evidence: cause?.evidence ?? [],
    next: [...(cause?.next ?? []), describeWorkload(workload)],
    retryAt,
    ...(cause?.log !== undefined && { log: cause.log }),
  };
}

/** When the containers of a pod ended, else when it was no longer ready, else its creation. */
export function endOf(pod: APIObject): Instant {
  const status = objectOf(pod['status']);
  const ends = ['initContainerStatuses', 'containerStatuses']
    .flatMap((field) => listOf(status[field]))
    .flatMap((container) => instantOf(objectOf(objectOf(container['state'])['terminated'])['finishedAt']) ?? []);
  const ready = listOf(status['conditions']).find(({ type }) => type === 'Ready');
  const created = instantOf(objectOf(pod['metadata'])['creationTimestamp']) as Instant;
  return newest([...ends]) ?? instantOf(ready?.['lastTransitionTime']) ?? created;
}

export const newest = (instants: readonly (Instant | undefined)[]): Instant | undefined =>
  instants.reduce((one, other) => (one === undefined || (other !== undefined && other.at > one.at) ? other : one), undefined);

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

/** No pod, event or condition explains why the controller does not go on. */
export function controllerCause(workload: WorkloadObject, status: WorkloadStatus, since: Instant): Cause {
  const manager = workload.kind === 'Job' ? managerOf(workload) : undefined;
  const { message } = status;
  return {
    reason: 'Unknown',
    stage: 'Controller',
    proven: false,
    final: false,
    since,
    message: `${message}; no pod, event or condition explains it`,
    waitingFor: { kind: 'controller', name: manager ?? workload.kind },
    owner: 'cluster-admin',
    who: manager ?? 'whoever runs kube-controller-manager',
    evidence: [],
    next: [describeWorkload(workload)],
  };
}

/** The controller has given up waiting for progress, and goes on trying. */
export function deadlineCause(workload: WorkloadObject, { message, since }: WorkloadStatus): Cause {
  const { name, namespace, conditions } = workload;
  const text = textOf(conditions.get('Progressing')?.message) ?? '';
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
    next: [
      describeWorkload(workload),
      { command: `kubectl rollout undo deployment/${name}${inNamespace(namespace)}`, when: 'to go back to the revision before' },
    ],
  };
}
