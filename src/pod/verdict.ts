import { type ShellCommand } from '../format/shell-command.ts';
import { after, type EpochNanos, type Nanos } from '../trace/time.ts';
import type { Instant } from './fields.ts';
import type { Reason } from './reason.ts';
import type { SchedulingQuery } from './scheduling/query.ts';
import type { Stage } from './stage.ts';

/** From the best to the worst. */
export const STATES = ['succeeded', 'ready', 'progressing', 'stuck', 'failed'] as const;
export type State = (typeof STATES)[number];

/** Who can end it. `author`: of the pod's manifest or of its program. */
export const PARTIES = ['author', 'cluster-admin', 'registry', 'scheduler', 'kubelet', 'webhook'] as const;
export type Party = (typeof PARTIES)[number];

/** The thing that must appear, respond or change. `kind` is Kubernetes' in lower case, or a word of docs/pod.md. */
export interface WaitingFor {
  readonly kind: string;
  readonly name: string;
}

export const EVIDENCE_KINDS = ['event', 'condition', 'status', 'span', 'node', 'lease', 'log', 'field'] as const;

/** Basis of a conclusion, for the reader to look up. */
export interface Evidence {
  readonly kind: (typeof EVIDENCE_KINDS)[number];
  readonly text: string;
  /** How often it was said. */
  readonly count?: number;
  readonly first?: EpochNanos;
  readonly last?: EpochNanos;
}

export interface NextStep {
  readonly command: ShellCommand;
  /** When it is the right one: `if the name is wrong`. */
  readonly when: string;
}

/** Why a pod is where it is: one conclusion from all that is known. */
export interface Cause {
  readonly reason: Reason;
  readonly stage: Stage;
  /** Kubernetes itself says so: nothing has to be waited for. */
  readonly proven: boolean;
  /**
   * A wait that Kubernetes or the user intends: a suspended Job, a grace period. It is progress with a reason, however
   * long it lasts, and never stuck.
   */
  readonly planned?: true;
  /** The last message is not that of a pod that only needs more time: its server refuses the probe's request. */
  readonly lasting?: true;
  /** The awaited thing is under way and takes until then at most: before that the pod is not stuck. */
  readonly due?: EpochNanos;
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
  /** Further objects that may be read about an unscheduled pod. */
  readonly queries?: readonly SchedulingQuery[];
  /** Not before this it is tried again. In a verdict it is always to come. */
  readonly retryAt?: EpochNanos;
}

/** Worth one line beside a verdict, which stays what it is: a deferred resize, a container that was restarted lately. */
export interface Note {
  /** One sentence without its period, in lower case. */
  readonly text: string;
  readonly next?: NextStep;
}

export interface Verdict {
  readonly state: State;
  readonly stage: Stage;
  /** Null unless it is stuck or failed, or progressing in a planned wait. */
  readonly reason: Reason | null;
  readonly since: Instant | null;
  /** Why it is not further; null for a pod that is ready. */
  readonly cause: Cause | null;
  readonly notes: readonly Note[];
}

/** The verdict that one cause leads to at `now`. */
export function verdictOf(found: Cause, now: EpochNanos, untilStuck: Nanos): Verdict {
  const cause = withRetryToCome(found, now);
  const { stage, reason, since } = cause;
  if (cause.final) return { state: 'failed', stage, reason, since, cause, notes: [] };
  if (cause.planned === true) return { state: 'progressing', stage, reason, since, cause, notes: [] };
  const late = after(since.at, untilStuck) <= now && (cause.due === undefined || cause.due <= now);
  const stuck = cause.proven || late;
  return { state: stuck ? 'stuck' : 'progressing', stage, reason: stuck ? reason : null, since, cause, notes: [] };
}

/** A try that is due or over is not the next one: what was known of it is out of date. */
function withRetryToCome(cause: Cause, now: EpochNanos): Cause {
  const { retryAt, ...others } = cause;
  return retryAt === undefined || retryAt > now ? cause : others;
}
