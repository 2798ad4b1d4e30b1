import { EVENT_MEANINGS } from './event-table.ts';
import type { Stage } from './stage.ts';

/**
 * `trouble`: a step failed, and the pod may wait for it. `progress`: a step was taken. `neutral`: worth reading, and the
 * pod gets on without it, even where Kubernetes calls the event a Warning.
 */
export type EventKind = 'trouble' | 'progress' | 'neutral';

export interface EventMeaning {
  /** `reason` of the events. */
  readonly says: readonly string[];
  readonly kind: EventKind;
  /** The pod's stage; null where the event is about a node, a claim or a volume. */
  readonly stage: Stage | null;
  readonly means: string;
}

const BY_REASON = new Map(
  EVENT_MEANINGS.flatMap((meaning) => meaning.says.map((reason) => [reason, meaning] as const)),
);

/** Undefined for reasons of other components. */
export const meaningOf = (reason: string): EventMeaning | undefined => BY_REASON.get(reason);

/** Whether an event marks a failed step: a Warning whose reason is progress or neutral does not. */
export const isTrouble = ({ reason, warning }: { readonly reason: string; readonly warning: boolean }): boolean =>
  warning && (meaningOf(reason)?.kind ?? 'trouble') === 'trouble';
