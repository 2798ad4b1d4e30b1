import type { TestNode } from '../cluster/node/node.ts';
import type { Seen } from './seen.ts';

/** The object that a pod, or its owner, waits for at one moment: known because the story creates that state. */
export interface TrueVerdict {
  readonly state: 'ready' | 'succeeded' | 'failed' | 'progressing' | 'stuck';
  readonly stage: string;
  readonly reason: string | null;
  readonly waitingFor: { readonly kind: string; readonly name: string } | null;
  readonly owner: 'author' | 'cluster-admin' | 'registry' | 'scheduler' | 'kubelet' | 'webhook' | null;
  /** Names that a useful verdict must contain. */
  readonly names: readonly string[];
  /** Kubernetes itself says so, and no silence has to pass. */
  readonly proven: boolean;
}

/** A moment of a story. */
export interface Moment {
  readonly name: 'early' | 'final';
  /** Has it come? */
  readonly when: (seen: Seen) => boolean;
  /** How long it has to have gone on, in seconds; 0 by default. */
  readonly lasting?: number;
  readonly verdict: TrueVerdict;
}

export interface StoryObject {
  /** The API's path of the collection, and query. */
  readonly path: string;
  readonly object: object;
}

/** A situation that a pod is brought into, in a namespace of the story's own name, and what is then true of it. */
export interface Story {
  readonly name: string;
  /** One sentence. */
  readonly says: string;
  /** Objects that must exist before, besides the namespace and its service account. */
  readonly before?: readonly StoryObject[];
  /** Object that a user would name: a pod, or a workload. */
  readonly subject: StoryObject;
  /** Done before the subject is created, for what cannot be said by creating objects; resolves with how to undo it. */
  readonly prepare?: (node: TestNode) => Promise<() => Promise<void>>;
  /** Other pods of the node would notice what is done here: the story has the node to itself until it is undone. */
  readonly alone?: true;
  /** Done once the subject is as it says. */
  readonly afterwards?: { readonly when: (seen: Seen) => boolean; readonly act: (node: TestNode) => Promise<void> };
  /** In order; the last one is `final`. */
  readonly moments: readonly Moment[];
}

/** A verdict from what is different about it. */
export function stuck(
  stage: string,
  reason: string,
  waitingFor: readonly [kind: string, name: string],
  more: { owner?: TrueVerdict['owner']; names?: readonly string[]; proven?: boolean; state?: 'stuck' | 'failed' } = {},
): TrueVerdict {
  const [kind, name] = waitingFor;
  const { owner = 'author', names = [], proven = true, state = 'stuck' } = more;
  return { state, stage, reason, waitingFor: { kind, name }, owner, names: [name, ...names], proven };
}

export const ready: TrueVerdict = {
  state: 'ready',
  stage: 'Running',
  reason: null,
  waitingFor: null,
  owner: null,
  names: [],
  proven: true,
};

export function progressing(stage: string, waitingFor: readonly [kind: string, name: string]): TrueVerdict {
  const [kind, name] = waitingFor;
  return {
    state: 'progressing',
    stage,
    reason: null,
    waitingFor: { kind, name },
    owner: null,
    names: [],
    proven: true,
  };
}
