import type { Reason } from '../reason.ts';
import type { Stage } from '../stage.ts';

/** Where Kubernetes says it. */
export type SignSource =
  /** `state.waiting.reason` of a container. */
  | 'waiting'
  /** `state.terminated.reason`, or that of the run before. */
  | 'terminated'
  /** The reason of an event about the pod. */
  | 'event'
  /** The reason of an event about what the pod belongs to. */
  | 'owner event'
  /** `status.reason` of the pod. */
  | 'pod'
  /** TYPE=STATUS REASON of a condition of the pod. */
  | 'condition'
  /** TYPE=STATUS of a condition of the node. */
  | 'node'
  /** TYPE=STATUS REASON of a condition of what makes pods, or a field of it. */
  | 'workload'
  /** A field of the object itself. */
  | 'field';

/** Text that Kubernetes writes when it means one of our reasons. */
export interface Sign {
  readonly reason: Reason;
  readonly stage: Stage;
  readonly source: SignSource;
  readonly says: readonly string[];
  /** The message must hold one of these, in whatever case. Without it any message will do. */
  readonly message?: readonly string[];
}
