import type { PodSnapshot } from '../pod-snapshot.ts';
import type { NextStep, Party, WaitingFor } from '../verdict.ts';
import type { SchedulingQuery } from './query.ts';
import type { SchedulingObjects } from './neighbors.ts';

/**
 * Where the fix may be. `room`: a node has too little of something, at the moment. `obstacle`: a taint or a cordon keeps pods
 * away from a node. `choice`: the pod leaves the node out, by its selector or its volume. `intended`: the node is meant
 * to be left out, as the control plane is.
 */
export type Rank = 'room' | 'obstacle' | 'choice' | 'intended';

export interface SchedulingView {
  readonly snapshot: PodSnapshot;
  readonly objects: SchedulingObjects;
}

/** Meaning of a message for one pod. */
export interface Meaning {
  readonly waitingFor: WaitingFor;
  readonly who: string;
  readonly next: readonly NextStep[];
  /** Where it differs from the rule's. */
  readonly owner?: Party;
  readonly rank?: Rank;
  /** How many of the nodes are meant to be left out. */
  readonly leftOut?: number;
  /** More than the message says: the pods that hold the port. One clause in lower case. */
  readonly detail?: string | undefined;
  /** The cluster is at work on it and reports no error. Only silence then proves that the pod is stuck. */
  readonly isUnderWay?: boolean;
  /** A query that would explain more. */
  readonly query?: SchedulingQuery;
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
