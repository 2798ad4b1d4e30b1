import type { StoryObject } from '../pods/story.ts';
import type { Step } from '../healthy/workload.ts';

/** How a rollout ends for `kubectl rollout status`. */
export type RolloutEnd = 'done' | 'exceeded its progress deadline' | 'timeout';

/** A rollout in a namespace with its name, that is followed by kubectl and by this program at the same time. */
export interface Rollout {
  readonly name: string;
  /** One sentence. */
  readonly says: string;
  readonly before?: readonly StoryObject[];
  readonly subject: StoryObject;
  /** Done one after the other before the rollout is followed. */
  readonly earlier?: readonly Step[];
  /** Done one after the other while it is followed. */
  readonly meanwhile?: readonly Step[];
  /** After this, both stop following. */
  readonly timeoutSeconds: number;
  /** The truth, known because it was made so. */
  readonly ends: RolloutEnd;
}
