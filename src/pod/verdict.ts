import type { EpochNanos } from '../trace/time.ts';
import type { Instant } from './fields.ts';
import type { Reason } from './reason.ts';
import type { Stage } from './stage.ts';

/** From the best to the worst. */
export const STATES = ['succeeded', 'ready', 'progressing', 'stuck', 'failed'] as const;
export type State = (typeof STATES)[number];

/** Who can end it. `author`: of the pod's manifest or of its program. */
export const PARTIES = ['author', 'cluster-admin', 'registry', 'scheduler', 'kubelet', 'webhook'] as const;
export type Party = (typeof PARTIES)[number];

/** What has to appear, answer or change. `kind` is Kubernetes' in lower case, or a word of docs/pod.md. */
export interface WaitingFor {
  readonly kind: string;
  readonly name: string;
}

export const EVIDENCE_KINDS = ['event', 'condition', 'status', 'span', 'node', 'lease', 'log', 'field'] as const;

/** What a conclusion rests on, so that anybody can look it up. */
export interface Evidence {
  readonly kind: (typeof EVIDENCE_KINDS)[number];
  readonly text: string;
  /** How often it was said. */
  readonly count?: number;
  readonly first?: EpochNanos;
  readonly last?: EpochNanos;
}

export interface NextStep {
  readonly command: string;
  /** When it is the right one: `if the name is wrong`. */
  readonly when: string;
}

/** Why a pod is where it is: one conclusion from all that is known. */
export interface Cause {
  readonly reason: Reason;
  readonly stage: Stage;
  /** Kubernetes itself says so: nothing has to be waited for. */
  readonly proven: boolean;
  /** Over for good: nothing that is waited for can come any more. */
  readonly final: boolean;
  /** Since when there is no progress. */
  readonly since: Instant;
  /** One sentence without its period, in small letters. */
  readonly message: string;
  readonly waitingFor: WaitingFor;
  readonly owner: Party;
  /** The owner in words: `the DNS of node lab2, or the image name`. */
  readonly who: string;
  readonly evidence: readonly Evidence[];
  readonly next: readonly NextStep[];
  /** The run of a container whose last words say more. */
  readonly log?: { readonly container: string; readonly previous: boolean };
  /** Before this nobody tries again. */
  readonly retryAt?: EpochNanos;
}

export interface Verdict {
  readonly state: State;
  readonly stage: Stage;
  /** Null unless it is stuck or failed. */
  readonly reason: Reason | null;
  readonly since: Instant | null;
  /** What there is to say of it; null for a pod that is ready. */
  readonly cause: Cause | null;
}
