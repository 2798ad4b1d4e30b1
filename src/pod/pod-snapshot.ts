import type { Span } from '../trace/span.ts';
import type { EpochNanos, Nanos } from '../trace/time.ts';
import type { APIEvent } from './events.ts';
import type { NodeObject } from './node.ts';
import type { OwnerReference, PodObject } from './objects.ts';
import type { SchedulingObjects } from './scheduling/neighbors.ts';

/** The end of what a container has written, for people. */
export interface LogTail {
  readonly container: string;
  readonly lines: readonly string[];
}

/** A thing that could not be read, and why; said once, and no error. */
export interface Gap {
  /** `events`, `node lab2`, `the log of container c`, `kubelet traces`. */
  readonly what: string;
  readonly why: string;
}

/** Everything that is known of one pod at one instant. Conclusions are pure functions of it. */
export interface PodSnapshot {
  readonly now: EpochNanos;
  /** A pod without progress for this long is stuck. */
  readonly untilStuck: Nanos;
  readonly pod: PodObject;
  /** Events of this UID only, by time. */
  readonly events: readonly APIEvent[];
  /** Events of earlier pods of the same name: counted, and otherwise left out. */
  readonly earlierEvents: number;
  /** The node that it is bound to; undefined when it has none or it could not be read. */
  readonly node: NodeObject | undefined;
  /** Objects that were read for an unscheduled pod; undefined when none were read. */
  readonly scheduling?: SchedulingObjects | undefined;
  /** From the nearest: ReplicaSet, Deployment. */
  readonly owners: readonly OwnerObject[];
  /** Spans of the kubelet and the runtime, found by the pod's UID. */
  readonly spans: readonly Span[];
  readonly logs: readonly LogTail[];
}

/** The owner of a pod, or the object that was requested instead of a pod. */
export interface OwnerObject {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: PodObject['createdAt'];
  /** Its own owner, from its owner references. The kind may be one that is not read. */
  readonly owner?: Pick<OwnerReference, 'kind' | 'name'> | undefined;
}
