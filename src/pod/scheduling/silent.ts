import { shell } from '../../format/shell-command.ts';
import { conditionEvidence, describe, eventEvidence, inNamespace } from '../causes/evidence.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Cause, NextStep, WaitingFor } from '../verdict.ts';
import { after } from '../../trace/time.ts';
import { schedulerLogs } from './errors.ts';
import { listed } from './words.ts';

/**
 * Neither a refusal nor a node. The scheduler has not seen the pod, or none of that name runs; or it does not queue the pod
 * yet, about which it says nothing on the pod (PreEnqueue plugins: dynamicresources, gangscheduling). With a nominated
 * node it has chosen one, and waits for volumes, devices or a permit before it binds the pod (KEP-5278).
 */
export function silentCause(snapshot: PodSnapshot, since: Cause['since']): Cause {
  const { pod, events } = snapshot;
  const node = pod.demand.nominatedNode;
  const pending = events.filter(({ reason }) => reason === 'BindingConditionsPending');
  const condition = pod.conditions.get('PodScheduled');
  const { waitingFor, says, next } = node === undefined ? held(snapshot) : chosen(snapshot, node);
  return {
    stage: 'Scheduling',
    final: false,
    since,
    reason: 'Unknown',
    proven: false,
    message: `scheduler ${pod.schedulerName} ${says}`,
    waitingFor,
    owner: 'cluster-admin',
    who: `the administrator of scheduler ${pod.schedulerName}`,
    evidence: [
      ...(node === undefined ? [] : [{ kind: 'status' as const, text: `nominatedNodeName: ${node}` }]),
      ...eventEvidence(pending),
      ...(condition === undefined ? [] : [conditionEvidence(condition)]),
    ],
    next: [describe(snapshot), ...next, schedulerLogs(pod.schedulerName)],
  };
}

interface Silence {
  readonly waitingFor: WaitingFor;
  readonly says: string;
  readonly next: readonly NextStep[];
}

const chosen = ({ pod }: PodSnapshot, node: string): Silence => ({
  waitingFor: { kind: 'scheduler', name: pod.schedulerName },
  says: `has chosen node ${node}, and has not bound the pod yet`,
  next: [],
});

function held(snapshot: PodSnapshot): Silence {
  const { now, untilStuck, pod } = snapshot;
  const { schedulerName, demand } = pod;
  const isEarly = now < after(pod.createdAt.at, untilStuck);
  const claims = demand.resourceClaims.map(({ name, claim }) => claim ?? `${name} (not created yet)`);
  if (claims.length > 0) {
    return {
      waitingFor: { kind: 'resourceclaim', name: listed(claims) },
      says: `has not reported on the pod; it does not queue a pod before its ResourceClaims exist: ${listed(claims)}`,
      next: [{ command: shell`kubectl get resourceclaims${inNamespace(snapshot)}`, when: 'to see which exist' }],
    };
  }
  if (demand.podGroup !== undefined) {
    return {
      waitingFor: { kind: 'podgroup', name: demand.podGroup },
      says: `has not reported on the pod; it does not queue a pod before its group ${demand.podGroup} is complete`,
      next: [{ command: shell`kubectl get podgroups${inNamespace(snapshot)}`, when: 'to see the state of the group' }],
    };
  }
  return {
    waitingFor: { kind: 'scheduler', name: schedulerName },
    says: `has not reported on the pod${isEarly ? ' yet' : '; it may not be running'}`,
    next: [],
  };
}
