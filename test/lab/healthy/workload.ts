import type { StoryObject } from '../pods/story.ts';
import type { Actor } from './actor.ts';
import type { View } from './view.ts';

/** Something that is done to a workload while it is recorded. */
export interface Step {
  /** Done at the first tick of which this is true. */
  readonly when: (view: View) => boolean;
  /** For how many seconds it has to have been true without a break; 0 by default. */
  readonly lasting?: number;
  readonly act: (actor: Actor, view: View) => Promise<void>;
}

export type HealthyState = 'ready' | 'succeeded' | 'progressing';

/** A workload in a namespace with its name, that is well from its creation to its end. */
export interface Workload {
  readonly name: string;
  /** One sentence. */
  readonly says: string;
  readonly before?: readonly StoryObject[];
  /** The object that a user would name. */
  readonly subject: StoryObject;
  /** In order. */
  readonly steps?: readonly Step[];
  /** Everything has come to where it is to be. */
  readonly settled: (view: View) => boolean;
  /** The truth once it is settled, known because it was made so. Two where Kubernetes has no word for it. */
  readonly ends: readonly HealthyState[];
  /**
   * How the subject goes: in the background as `kubectl delete` does, by default; in the foreground, after its pods; or
   * on its own.
   */
  readonly deletion?: 'Background' | 'Foreground' | 'own';
  /**
   * Its pods give no sign of progress for longer than the default of `--until-stuck`. Their Deployment has its deadline;
   * a user who names such a pod has to say that it takes longer.
   */
  readonly quiet?: true;
  /** It takes more than a minute: recorded together with others that do. */
  readonly slow?: true;
}

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

export const subjectOf = ({ subject }: Workload): Named => subject.object as Named;

/** The argument of `kubectl trace pod`. */
export function targetOf(workload: Workload): string {
  const { kind, metadata } = subjectOf(workload);
  return kind === 'Pod' ? metadata.name : `${kind.toLowerCase()}/${metadata.name}`;
}
