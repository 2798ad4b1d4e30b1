import { shell } from '../../format/shell-command.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Progress } from '../progress.ts';
import { signOf } from '../signs/sign-of.ts';
import { comingNode, ofScheduler } from '../scheduling/autoscaler.ts';
import { diagnose, type SchedulingDiagnosis } from '../scheduling/diagnosis.ts';
import { parseSchedulingMessage, type SchedulingFailure } from '../scheduling/message.ts';
import { preempting } from '../scheduling/preempting.ts';
import { readPreemption } from '../scheduling/preemption.ts';
import { silentCause } from '../scheduling/silent.ts';
import type { Cause, NextStep } from '../verdict.ts';
import { conditionEvidence, describe, eventEvidence, inNamespace } from './evidence.ts';

/** A pod that has no node yet. */
export function schedulingCause(snapshot: PodSnapshot, { created }: Progress): Cause | undefined {
  const { pod } = snapshot;
  if (pod.node !== undefined) return undefined;
  const condition = pod.conditions.get('PodScheduled');
  const says = condition === undefined ? undefined : `PodScheduled=${condition.status} ${condition.reason ?? ''}`;
  const sign = signOf('condition', says, condition?.message);
  const base = { stage: 'Scheduling', final: false, since: created.at } as const;
  if (sign?.reason === 'SchedulingGated' || pod.schedulingGates.length > 0) return gated(snapshot, base);
  const failures = snapshot.events.filter(({ reason }) => reason === 'FailedScheduling');
  if (sign?.reason === 'Unschedulable' || (condition === undefined && failures.length > 0)) {
    return unschedulable(snapshot, base);
  }
  return silentCause(snapshot, base.since);
}

type Base = Pick<Cause, 'stage' | 'final' | 'since'>;

function gated(snapshot: PodSnapshot, base: Base): Cause {
  const { pod } = snapshot;
  const gates = pod.schedulingGates.join(', ');
  const [noun, pronoun] = pod.schedulingGates.length > 1 ? ['gates', 'them'] : ['gate', 'it'];
  const condition = pod.conditions.get('PodScheduled');
  return {
    ...base,
    stage: 'Scheduling',
    reason: 'SchedulingGated',
    proven: true,
    message: `the scheduler waits until ${noun} ${gates} ${noun === 'gates' ? 'are' : 'is'} removed`,
    waitingFor: { kind: 'gate', name: gates },
    owner: 'author',
    who: `the controller that set ${noun} ${gates} and must remove ${pronoun}`,
    evidence: [
      { kind: 'field', text: `spec.schedulingGates: ${gates}` },
      ...(condition === undefined ? [] : [conditionEvidence(condition)]),
    ],
    next: [
      {
        command: shell`kubectl get pod ${pod.name}${inNamespace(snapshot)} -o jsonpath='{.spec.schedulingGates}'`,
        when: 'to see the gates',
      },
    ],
  };
}

function unschedulable(snapshot: PodSnapshot, base: Base): Cause {
  const condition = snapshot.pod.conditions.get('PodScheduled');
  const attempts = snapshot.events.filter(({ reason }) => reason === 'FailedScheduling');
  const failures = ofScheduler(snapshot, attempts);
  const others = attempts.filter((event) => !failures.includes(event));
  // The condition stays when the event has expired, and is not cut off as the event's note is.
  const said = condition?.message ?? failures.at(-1)?.message ?? '';
  const failure = parseSchedulingMessage(said);
  const diagnoses = diagnose(failure, snapshot);
  const coming = comingNode(snapshot);
  const declined = snapshot.events.filter(({ reason }) => reason === 'NotTriggerScaleUp');
  const cause: Cause = {
    ...base,
    reason: 'Unschedulable',
    // A node, or a volume, is on its way: then it is a matter of time.
    proven: coming === undefined && diagnoses[0]?.meaning.isUnderWay !== true,
    ...(coming !== undefined && { due: coming.due }),
    since: coming?.event.last ?? base.since,
    message: [
      fitWords(failure.nodes, diagnoses),
      preemptionWords(failure),
      coming === undefined ? '' : `a new node is on its way (${coming.event.component}: ${coming.event.message})`,
    ]
      .filter((words) => words !== '')
      .join('; '),
    ...leading(diagnoses, snapshot),
    evidence: [
      ...eventEvidence(failures),
      ...eventEvidence(others),
      ...(coming === undefined ? eventEvidence(declined) : eventEvidence([coming.event])),
      // It repeats what the event says, which may have expired.
      ...(condition === undefined || failures.length > 0 ? [] : [conditionEvidence(condition)]),
    ],
  };
  const isUnderWay = [said, failures.at(-1)?.message ?? ''].some(
    (message) => readPreemption(parseSchedulingMessage(message).preemption)?.isUnderWay === true,
  );
  return isUnderWay || snapshot.pod.demand.nominatedNode !== undefined ? preempting(cause, snapshot) : cause;
}

/** The object, the owner and the commands of the cause that is most likely to be the fix. */
function leading(
  diagnoses: readonly SchedulingDiagnosis[],
  snapshot: PodSnapshot,
): Pick<Cause, 'waitingFor' | 'owner' | 'who' | 'next' | 'queries'> {
  const [first] = diagnoses;
  const { schedulerName } = snapshot.pod;
  if (first === undefined) {
    return {
      waitingFor: { kind: 'scheduler', name: schedulerName },
      owner: 'cluster-admin',
      who: `the administrator of scheduler ${schedulerName}`,
      next: [describe(snapshot)],
    };
  }
  const { owner, meaning } = first;
  const others = diagnoses.slice(1).flatMap((other) => other.meaning.next.slice(0, 1));
  return {
    waitingFor: meaning.waitingFor,
    owner,
    who: meaning.who,
    next: distinct([...meaning.next, ...others, ...(meaning.next.length === 0 ? [describe(snapshot)] : [])]),
    queries: diagnoses.flatMap((diagnosis) => diagnosis.meaning.query ?? []),
  };
}

const distinct = (steps: readonly NextStep[]): readonly NextStep[] =>
  steps.filter((step, index) => steps.findIndex(({ command }) => command === step.command) === index);

/** `0 of 3 nodes fit: 2 Insufficient cpu; 1 node(s) were unschedulable`, each cause as the scheduler writes it. */
function fitWords(nodes: number | null, diagnoses: readonly SchedulingDiagnosis[]): string {
  const causes = diagnoses.map(({ nodes: count, text, meaning: { detail } }) => {
    const words = count === null ? text : `${count} ${text}`;
    return (detail === undefined ? words : `${words} (${detail})`).replaceAll(/\s+/g, ' ').trim();
  });
  if (nodes === null) return causes.join('; ') || 'the scheduler gives no reason';
  const total = nodes === 1 ? 'the only node does not fit' : `0 of ${nodes} nodes fit`;
  return causes.length === 0 ? total : `${total}: ${causes.join('; ')}`;
}

/** The scheduler's reaction, in known words; otherwise its own. */
function preemptionWords({ afterwards = '', preemption }: SchedulingFailure): string {
  const read = readPreemption(preemption);
  return read === undefined ? afterwards.replaceAll(/\s+/g, ' ') : `preemption: ${read.words}`;
}
