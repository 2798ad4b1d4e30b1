import type { Stage } from './stage.ts';

/**
 * `trouble`: a step failed, and the pod may wait for it. `progress`: a step was taken. `neutral`: worth reading, and the
 * pod makes progress without it, even where Kubernetes calls the event a Warning.
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
