import type { PodFacts } from '../facts.ts';
import type { NextStep, Party, WaitingFor } from '../verdict.ts';
import type { SchedulingLook } from './look.ts';
import type { SchedulingSurroundings } from './neighbors.ts';

/**
 * How likely it is that a change there lets the pod run. An obstacle is on the node: no room, a taint, a port that is
 * taken. A choice is the pod's own: its selector, its volume. A node with an obstacle has passed the pod's
 * selector, because a node reports the first filter that it fails. Nodes that are meant to be left out come
 * last: the control plane, and the nodes that a DaemonSet's pod is not for.
 */
export const RANKS = ['obstacle', 'choice', 'intended'] as const;
export type Rank = (typeof RANKS)[number];

export interface SchedulingView {
  readonly facts: PodFacts;
  readonly around: SchedulingSurroundings;
}

/** What a message means for one pod. */
export interface Meaning {
  readonly waitingFor: WaitingFor;
  readonly who: string;
  readonly next: readonly NextStep[];
  /** Where it differs from the rule's. */
  readonly owner?: Party;
  readonly rank?: Rank;
  /** More than the message says: the pods that hold the port. One clause in lower case. */
  readonly detail?: string | undefined;
  /** A read that would tell more. */
  readonly look?: SchedulingLook;
}

/** Messages of the scheduler that mean the same: a row of docs/scheduling.md. */
export interface SchedulingRule {
  /** The plugin or the part of the scheduler that writes them. */
  readonly plugin: string;
  /** As the scheduler's source has them, with the verbs of Go's fmt. */
  readonly says: readonly string[];
  readonly rank: Rank;
  /** Kinds that `waitingFor` may have. */
  readonly kinds: readonly string[];
  readonly owner: Party;
  /** `words` are the texts of the verbs. */
  readonly read: (words: readonly string[], view: SchedulingView) => Meaning;
}
