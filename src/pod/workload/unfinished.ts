import { epochNanos, nanos, type EpochNanos } from '../../trace/time.ts';
import { clockTime } from '../lanes/words.ts';
import { instantOf, listOf, numberOf, objectOf, type APIObject, type Instant } from '../fields.ts';
import { verdictOf, type Cause, type Verdict } from '../verdict.ts';
import { backOffCause } from './back-off.ts';
import { blockedCause, explained, failedPodsCause } from './explain.ts';
import { active, creationOf, current, isStuck, ofRole, worstOf } from './workload-pods.ts';
import type { WorkloadSnapshot } from './workload-snapshot.ts';
import { isObserved } from './object.ts';
import type { WorkloadPod } from './pod-role.ts';
import { controllerCause, deletionCause, describeWorkload, minReadyCause, newest, readySince } from './waits.ts';

/** Verdict on a workload that wants more than it has. */
export function unfinishedVerdict(snapshot: WorkloadSnapshot): Verdict {
  const { now, untilStuck, read, pods } = snapshot;
  const { workload, status } = read;
  const judged = (cause: Cause): Verdict => verdictOf(cause, now, untilStuck);
  // The pods that exist were made from an earlier spec.
  if (!isObserved(workload)) {
    return judged(controllerCause(workload, status, workload.isDated ? workload.changedAt : atOnce(now)));
  }
  const ending = isEnding(snapshot) ? ofRole(pods, 'terminating') : [];
  if (ending.length > 0) return judged(endingCause(snapshot, ending));
  const cause = explained(snapshot);
  if (cause !== undefined) {
    const deadline = deadlineOf(snapshot);
    return deadline === undefined || isHopeless(cause, snapshot) ? judged(cause) : inTime(judged(cause), deadline);
  }
  if (workload.deletedAt !== undefined) return judged(deletionCause(workload, status));
  const running = active(pods);
  // A Job whose pods run as they should is as ready as it gets before it is complete.
  if (workload.kind === 'Job' && running.length > 0 && running.length >= (status.counts.wanted ?? 1)) {
    const since = lastReady(pods) ?? status.since;
    return { state: 'ready', stage: 'Running', reason: null, since, cause: null, notes: [] };
  }
  const waiting =
    (workload.kind === 'Job' ? backOffCause(workload, ofRole(pods, 'finished'), snapshot.events, now) : undefined) ??
    blockedCause(snapshot) ??
    minReadyCause(workload, running, now) ??
    failedPodsCause(snapshot);
  return judged(waiting ?? controllerCause(workload, status, lastProgress(snapshot)));
}

interface Deadline {
  readonly seconds: number;
  /** Undefined where the Deployment does not say when it made progress last. */
  readonly at: EpochNanos | undefined;
}

/** The largest int32 (HasProgressDeadline in pkg/controller/deployment/util/deployment_util.go). */
const NO_DEADLINE = 2_147_483_647;

/** The controller needs some time to say that the deadline is over. */
const LATE_CONDITION = 30_000_000_000n;

/**
 * The Deployment controller says when there was no progress for too long: `progressDeadlineSeconds`, 600 by default. It does
 * so until a rollout is complete (pkg/controller/deployment/progress.go, syncRolloutStatus); after that only a pod that is
 * as new as that, as when it is scaled, has as much time. Undefined when that time is over.
 */
function deadlineOf({ now, read: { workload }, pods }: WorkloadSnapshot): Deadline | undefined {
  const { kind, conditions, spec } = workload;
  const progressing = conditions.get('Progressing');
  if (kind !== 'Deployment' || progressing?.status !== 'True') return undefined;
  const seconds = numberOf(spec['progressDeadlineSeconds']) ?? 600;
  if (seconds === NO_DEADLINE) return { seconds, at: undefined };
  const wasComplete = progressing.reason === 'NewReplicaSetAvailable';
  const worst = worstOf(current(pods));
  const created = worst === undefined ? undefined : creationOf(worst);
  const since = wasComplete ? created : progressing.updated;
  if (since === undefined) return wasComplete ? undefined : { seconds, at: undefined };
  const at = epochNanos(since.at + BigInt(seconds) * 1_000_000_000n);
  return now < at + (wasComplete ? 0n : LATE_CONDITION) ? { seconds, at } : undefined;
}

/** None of its pods serves, and each of the new ones waits for what more time does not bring. */
function isHopeless({ lasting }: Cause, { read: { status }, pods }: WorkloadSnapshot): boolean {
  return lasting === true && status.counts.available === 0 && current(pods).every(isStuck);
}

/** Silence of a pod alone does not make its Deployment stuck before the deadline; a refusal that lasts does. */
function inTime(verdict: Verdict, { seconds, at }: Deadline): Verdict {
  const { state, stage, cause } = verdict;
  if (state !== 'stuck' || stage === 'Admission' || cause === null || cause.proven) return verdict;
  const calm = { ...verdict, state: 'progressing', reason: null } as const;
  if (at === undefined) return calm;
  const until = `the Deployment gives it until ${clockTime(at)} (progressDeadlineSeconds: ${seconds})`;
  return { ...calm, cause: { ...cause, message: `${cause.message}; ${until}` } };
}

const atOnce = (at: Instant['at']): Instant => ({ at, uncertainty: nanos(0) });

/**
 * When something happened to the workload last. A count that has changed since, such as the nodes of a DaemonSet, is dated
 * by the write of the status alone; without its time the wait may have begun just now.
 */
function lastProgress({ now, read: { workload, status }, pods, events }: WorkloadSnapshot): Instant {
  if (!workload.isDated) return atOnce(now);
  const reported = events.filter(({ warning }) => !warning).map(({ last }) => last);
  const ends = pods.flatMap(({ object }) => endsOf(object));
  const moments = [status.since, workload.reportedAt, ...pods.map(creationOf), lastReady(pods), ...ends, ...reported];
  return newest(moments) ?? workload.createdAt;
}

/** When containers of a pod have ended: its controller has to count it then. */
const endsOf = (pod: APIObject): (Instant | undefined)[] =>
  listOf(objectOf(pod['status'])['containerStatuses']).map(({ state }) =>
    instantOf(objectOf(objectOf(state)['terminated'])['finishedAt']),
  );

/** A Job whose outcome is known, and whose last pods are to end first. */
const isEnding = ({ read: { workload } }: WorkloadSnapshot): boolean =>
  workload.kind === 'Job' &&
  ['FailureTarget', 'SuccessCriteriaMet'].some((type) => workload.conditions.get(type)?.status === 'True');

function endingCause({ read: { workload, status } }: WorkloadSnapshot, ending: readonly WorkloadPod[]): Cause {
  const overdue = ending.find(isStuck)?.lifecycle.verdict.cause;
  if (overdue != null) return overdue;
  const names = ending.map(({ lifecycle }) => lifecycle.name).join(', ');
  return {
    reason: 'Termination',
    stage: 'Termination',
    proven: true,
    planned: true,
    final: false,
    since: status.since,
    message: `${status.message}: ${names}`,
    waitingFor: { kind: 'pod', name: names },
    owner: 'kubelet',
    who: 'the kubelet',
    evidence: [],
    next: [describeWorkload(workload)],
  };
}

/** When the newest of its current pods became ready. */
export const lastReady = (pods: readonly WorkloadPod[]): Instant | undefined =>
  newest(current(pods).map(({ object }) => readySince(object)));
