import type { EpochNanos, Nanos } from '../../trace/time.ts';
import type { APIEvent } from '../events.ts';
import type { WorkloadPod } from './pod-role.ts';
import type { ReadWorkload } from './read.ts';

/** Everything that is known of a workload at one instant. */
export interface WorkloadSnapshot {
  readonly now: EpochNanos;
  readonly untilStuck: Nanos;
  readonly read: ReadWorkload;
  readonly pods: readonly WorkloadPod[];
  /** About the workload and about what makes its current pods, by time. */
  readonly events: readonly APIEvent[];
}

/** Kinds whose pods go on running: they are to be ready, not to end. */
export const SERVES: ReadonlySet<string> = new Set([
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
]);
