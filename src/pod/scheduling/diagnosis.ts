import type { PodFacts } from '../facts.ts';
import type { Party } from '../verdict.ts';
import type { SchedulingCause, SchedulingFailure } from './message.ts';
import { RANKS, type Meaning, type Rank } from './rule.ts';
import { readMessage } from './table.ts';
import { NODE_ADMIN } from './words.ts';

/** One cause of a message, with what it means for the pod. */
export interface SchedulingDiagnosis extends SchedulingCause {
  readonly rank: Rank;
  readonly owner: Party;
  readonly meaning: Meaning;
}

/** What each cause means, from the one that is most likely to be the fix; the message is not empty. */
export function diagnose(failure: SchedulingFailure, facts: PodFacts): readonly SchedulingDiagnosis[] {
  return failure.causes
    .map((cause) => meaningOf(cause, facts))
    .sort((one, other) => RANKS.indexOf(one.rank) - RANKS.indexOf(other.rank) || (other.nodes ?? 0) - (one.nodes ?? 0));
}

function meaningOf(cause: SchedulingCause, facts: PodFacts): SchedulingDiagnosis {
  const read = readMessage(cause.text);
  if (read === undefined) return { ...cause, rank: 'obstacle', owner: 'cluster-admin', meaning: unknown(facts) };
  const { rule, words } = read;
  const meaning = rule.read(words, { facts, around: facts.scheduling ?? {} });
  return { ...cause, rank: meaning.rank ?? rule.rank, owner: meaning.owner ?? rule.owner, meaning };
}

/** Of another plugin or an extender: its words are quoted, and nothing is concluded from them. */
const unknown = ({ pod: { schedulerName } }: PodFacts): Meaning => ({
  waitingFor: { kind: 'scheduler', name: schedulerName },
  who: `${NODE_ADMIN}: the message is not one of Kubernetes' own scheduler plugins`,
  next: [],
});
