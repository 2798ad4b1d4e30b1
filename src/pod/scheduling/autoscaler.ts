import { epochNanos, type EpochNanos } from '../../trace/time.ts';
import type { APIEvent } from '../events.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';

/** A node that an autoscaler is making for the pod. */
export interface ComingNode {
  readonly event: APIEvent;
  /** Later than this it is given up: cluster-autoscaler --max-node-provision-time, and Karpenter's registration time. */
  readonly due: EpochNanos;
}

const PROVISION = 900_000_000_000n;

/** The newest word of an autoscaler; undefined when it is older than a node takes. */
export function comingNode({ events, now }: PodSnapshot): ComingNode | undefined {
  // Karpenter names the NodeClaim in `Nominated`; other programs use that reason for other things.
  const event = events.findLast(
    ({ reason, component }) => reason === 'TriggeredScaleUp' || (reason === 'Nominated' && component === 'karpenter'),
  );
  if (event === undefined) return undefined;
  const due = epochNanos(event.last.at + PROVISION);
  return now < due ? { event, due } : undefined;
}

/** Attempts of other components under the scheduler's reason: Karpenter says there why no node type fits. */
export function ofScheduler({ pod }: PodSnapshot, failures: readonly APIEvent[]): readonly APIEvent[] {
  const own = failures.filter(({ component }) => component === pod.schedulerName);
  return own.length === 0 ? failures : own;
}
