import type { Instant } from '../fields.ts';
import { verdictOf, type Cause, type Note, type Verdict } from '../verdict.ts';
import { worstRun } from './cron-run.ts';
import { blockedCause, explained, failedPodsCause, refused } from './explain.ts';
import { creationOf, current, isStuck, ofRole, SERVES, type WorkloadFacts } from './facts.ts';
import { failedJobCause, unreadableSchedule } from './failures.ts';
import { leftOverNotes } from './left-over.ts';
import { isObserved } from './object.ts';
import type { WorkloadPod } from './pod-role.ts';
import {
  backOffCause,
  controllerCause,
  deadlineCause,
  describeWorkload,
  minReadyCause,
  newest,
  readySince,
  suspendedCause,
} from './waits.ts';

/**
 * A workload by its own status first; its current pods, and what refuses or delays them, explain why it is not done. The
 * other pods are counted in notes.
 */
export function judgeWorkload(facts: WorkloadFacts): Verdict {
  const verdict = withoutNotes(facts);
  const remarks = facts.read.status.remarks.map((text): Note => ({ text }));
  const notes = [...remarks, ...leftOverNotes(facts), ...troubleNotes(facts, verdict), ...podNotes(facts)];
  return { ...verdict, notes };
}

/** Notes of this many pods at most. */
const MOST_PODS = 3;

/** What is worth a line of a current pod is worth one of its workload. */
const podNotes = ({ pods }: WorkloadFacts): Note[] =>
  current(pods)
    .filter(({ story }) => story.verdict.notes.length > 0)
    .slice(0, MOST_PODS)
    .flatMap(({ story: { name, verdict } }) =>
      verdict.notes.map((note): Note => ({ ...note, text: `pod ${name}: ${note.text}` })),
    );

/** `judgeWorkload` without the lines beside the verdict. */
export function withoutNotes(facts: WorkloadFacts): Verdict {
  const { now, untilStuck, read } = facts;
  const { workload, status } = read;
  const judged = (cause: Cause): Verdict => verdictOf(cause, now, untilStuck);
  if (workload.kind === 'CronJob' && status.state !== 'suspended') {
    const fault = unreadableSchedule(facts) ?? refused(facts);
    if (fault !== undefined) return judged(fault);
    if (status.state !== 'done') return worstRun(facts);
  }
  switch (status.state) {
    case 'done':
      return done(facts);
    case 'suspended':
      return judged(suspendedCause(workload, status));
    case 'failed':
      return judged(workload.kind === 'Deployment' ? timedOut(facts) : failedJobCause(facts));
    case 'progressing':
      return unfinished(facts);
    default:
      return status.state satisfies never;
  }
}

function done({ read: { workload, status, jobs }, pods }: WorkloadFacts): Verdict {
  const good = { reason: null, cause: null, notes: [] } as const;
  if (!SERVES.has(workload.kind)) {
    const hasRun = workload.kind === 'Job' || jobs.length > 0 || workload.status['lastSuccessfulTime'] !== undefined;
    const [state, stage] = hasRun ? (['succeeded', 'Running'] as const) : (['ready', 'Controller'] as const);
    return { ...good, state, stage, since: status.since };
  }
  if (status.counts.wanted === 0) return { ...good, state: 'succeeded', stage: 'Controller', since: status.since };
  return { ...good, state: 'ready', stage: 'Running', since: lastReady(pods) ?? status.since };
}

const lastReady = (pods: readonly WorkloadPod[]): Instant | undefined =>
  newest(current(pods).map(({ object }) => readySince(object)));

/** Without progress until its deadline: what a pod or a refusal says is the cause, and no longer waited for. */
function timedOut(facts: WorkloadFacts): Cause {
  const { workload, status } = facts.read;
  const late = deadlineCause(workload, status);
  const cause = explained(facts);
  if (cause === undefined) return late;
  const { planned: _, ...found } = cause;
  return { ...found, proven: true, evidence: [...late.evidence, ...cause.evidence] };
}

/** It wants more than it has. */
function unfinished(facts: WorkloadFacts): Verdict {
  const { now, untilStuck, read, pods } = facts;
  const { workload, status } = read;
  const judged = (cause: Cause): Verdict => verdictOf(cause, now, untilStuck);
  // The pods that exist were made from an earlier spec.
  if (!isObserved(workload)) return judged(controllerCause(workload, status, workload.changedAt));
  const ending = isEnding(facts) ? ofRole(pods, 'terminating') : [];
  if (ending.length > 0) return judged(endingCause(facts, ending));
  const cause = explained(facts);
  if (cause !== undefined) return judged(cause);
  const active = current(pods);
  // A Job whose pods run as they should is as ready as it gets before it is complete.
  if (workload.kind === 'Job' && active.length > 0 && active.length >= (status.counts.wanted ?? 1)) {
    const since = lastReady(pods) ?? status.since;
    return { state: 'ready', stage: 'Running', reason: null, since, cause: null, notes: [] };
  }
  const waiting =
    (workload.kind === 'Job' ? backOffCause(workload, ofRole(pods, 'finished'), facts.events, now) : undefined) ??
    blockedCause(facts) ??
    minReadyCause(workload, active, now) ??
    failedPodsCause(facts);
  return judged(waiting ?? controllerCause(workload, status, lastProgress(facts)));
}

/** When something happened to the workload last. */
function lastProgress({ read: { workload, status }, pods, events }: WorkloadFacts): Instant {
  const told = events.filter(({ warning }) => !warning).map(({ last }) => last);
  return newest([status.since, ...pods.map(creationOf), lastReady(pods), ...told]) ?? workload.createdAt;
}

/** A Job whose outcome is known, and whose last pods are to end first. */
const isEnding = ({ read: { workload } }: WorkloadFacts): boolean =>
  workload.kind === 'Job' &&
  ['FailureTarget', 'SuccessCriteriaMet'].some((type) => workload.conditions.get(type)?.status === 'True');

function endingCause({ read: { workload, status } }: WorkloadFacts, ending: readonly WorkloadPod[]): Cause {
  const overdue = ending.find(isStuck)?.story.verdict.cause;
  if (overdue != null) return overdue;
  const names = ending.map(({ story }) => story.name).join(', ');
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

/** A pod that is in trouble just now, of a workload that is done by its status. */
function troubleNotes({ pods }: WorkloadFacts, { state }: Verdict): Note[] {
  if (state !== 'ready') return [];
  return current(pods)
    .filter(isStuck)
    .slice(0, MOST_PODS)
    .map(({ story: { name, verdict } }) => ({
      text: `pod ${name}: ${verdict.reason ?? ''}, ${verdict.cause?.message ?? ''}`,
    }));
}
