import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Party } from '../verdict.ts';
import type { SchedulingCause, SchedulingFailure } from './message.ts';
import type { Meaning, Rank } from './rule.ts';
import { readMessage } from './table.ts';
import { NODE_ADMIN } from './words.ts';

/** One cause of a message, with what it means for the pod. */
export interface SchedulingDiagnosis extends SchedulingCause {
  readonly rank: Rank;
  readonly owner: Party;
  readonly meaning: Meaning;
}

/**
 * Meaning of each cause, the most likely fix first. A node reports the first filter that it fails, and resources come
 * after selectors: where resources are short somewhere, some node matches the pod's selectors, and those come later.
 * Otherwise the cause with the most nodes comes first, and nodes that are meant to be left out come last.
 */
export function diagnose(failure: SchedulingFailure, snapshot: PodSnapshot): readonly SchedulingDiagnosis[] {
  const diagnoses = failure.causes.map((cause) => meaningOf(cause, snapshot));
  const lacksRoom = diagnoses.some(({ rank }) => rank === 'room');
  const level = ({ rank }: SchedulingDiagnosis): number =>
    rank === 'intended' ? 2 : Number(rank === 'choice' && lacksRoom);
  const weight = ({ nodes, meaning }: SchedulingDiagnosis): number => (nodes ?? 0) - (meaning.leftOut ?? 0);
  return diagnoses.toSorted((one, other) => level(one) - level(other) || weight(other) - weight(one));
}

function meaningOf(cause: SchedulingCause, snapshot: PodSnapshot): SchedulingDiagnosis {
  const read = readMessage(cause.text);
  if (read === undefined) return { ...cause, rank: 'room', owner: 'cluster-admin', meaning: unknown(snapshot) };
  const { rule, words } = read;
  const meaning = rule.read(words, { snapshot, objects: snapshot.scheduling ?? {} });
  return { ...cause, rank: meaning.rank ?? rule.rank, owner: meaning.owner ?? rule.owner, meaning };
}

/** A cause from another plugin or an extender: its words are quoted, and no conclusion is drawn from them. */
const unknown = ({ pod: { schedulerName } }: PodSnapshot): Meaning => ({
  waitingFor: { kind: 'scheduler', name: schedulerName },
  who: `${NODE_ADMIN}: the message is not one of Kubernetes' own scheduler plugins`,
  next: [],
});
