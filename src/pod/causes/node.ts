import { shell } from '../../format/shell-command.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Instant } from '../fields.ts';
import { nextStage } from '../next-stage.ts';
import { kubeletState, runtimeInfo } from '../node-commands.ts';
import type { NodeObject } from '../node.ts';
import type { Progress } from '../progress.ts';
import type { Stage } from '../stage.ts';
import type { Cause, Evidence, NextStep } from '../verdict.ts';
import { conditionEvidence, shortened } from './evidence.ts';

/**
 * A pod whose node is lost: the node does not exist, the cluster does not hear of its kubelet, or the kubelet reports a
 * fault; or a pod that the kubelet has not acknowledged. Never proven: a kubelet that was only restarted comes back, so
 * that it has to last. An old Lease alone proves nothing, because it is written by the node's own clock.
 */
export function nodeCause(snapshot: PodSnapshot, progress: Progress): Cause | undefined {
  const { pod, node } = snapshot;
  if (pod.node === undefined) return undefined;
  if (node?.exists === false) return missingCause(snapshot, progress);
  if (node?.unreachable !== undefined) return silentCause(snapshot, progress, node.unreachable.since);
  if (node?.ready?.status === 'False') return faultCause(snapshot, progress, node.ready);
  return pod.acknowledgedAt === undefined ? unacknowledgedCause(snapshot, progress) : undefined;
}

type NodeFault = Pick<Cause, 'reason' | 'since' | 'message' | 'waitingFor' | 'next'>;

function cause(snapshot: PodSnapshot, progress: Progress, fault: NodeFault): Cause {
  return {
    stage: stageOf(snapshot, progress),
    proven: false,
    final: false,
    owner: 'cluster-admin',
    who: `the administrator of node ${snapshot.pod.node}`,
    evidence: [...acknowledgement(snapshot), ...nodeEvidence(snapshot.node)],
    ...fault,
  };
}

/** The pod garbage collector deletes its pods 40 s after a node was deleted (pkg/controller/podgc/gc_controller.go). */
function missingCause(snapshot: PodSnapshot, progress: Progress): Cause {
  const name = snapshot.pod.node ?? '';
  return cause(snapshot, progress, {
    reason: 'NodeNotReady',
    since: notBefore(notReadySince(snapshot), bound(progress)),
    message: `node ${name} no longer exists`,
    waitingFor: { kind: 'node', name },
    next: [{ command: shell`kubectl get nodes`, when: `was ${name} renamed, replaced or never created?` }],
  });
}

function silentCause(snapshot: PodSnapshot, progress: Progress, lostSince: Instant | undefined): Cause {
  const name = snapshot.pod.node ?? '';
  return cause(snapshot, progress, {
    reason: 'KubeletSilent',
    since: snapshot.pod.acknowledgedAt === undefined ? bound(progress) : notBefore(lostSince, bound(progress)),
    message: `the kubelet of node ${name} does not report`,
    waitingFor: { kind: 'kubelet', name },
    next: nodeSteps(snapshot),
  });
}

function faultCause(snapshot: PodSnapshot, progress: Progress, ready: NonNullable<NodeObject['ready']>): Cause {
  const name = snapshot.pod.node ?? '';
  return cause(snapshot, progress, {
    reason: 'NodeNotReady',
    since: notBefore(ready.changed, bound(progress)),
    message: shortened(`node ${name} is not ready: ${faultWords(ready)}`),
    waitingFor: { kind: 'node', name },
    next: /NetworkPluginNotReady/.test(ready.message ?? '') ? networkSteps(snapshot) : nodeSteps(snapshot),
  });
}

/** The kubelet runs; what it lacks is the network plugin, which usually runs as a pod of a DaemonSet there. */
const networkSteps = (snapshot: PodSnapshot): NextStep[] => [
  {
    command: shell`kubectl get pods -A -o wide --field-selector spec.nodeName=${snapshot.pod.node ?? 'NODE'}`,
    when: 'is its network plugin running?',
  },
  runtimeInfo(snapshot),
];

/** `KubeletNotReady, container runtime is down` */
export const faultWords = ({ reason, message }: NonNullable<NodeObject['ready']>): string =>
  [reason, message].filter((word) => word !== undefined).join(', ') || 'its kubelet gives no reason';

function unacknowledgedCause(snapshot: PodSnapshot, progress: Progress): Cause {
  const name = snapshot.pod.node ?? '';
  const node = snapshot.node === undefined ? 'the node could not be read' : `node ${name} is Ready`;
  return cause(snapshot, progress, {
    reason: 'KubeletSilent',
    since: bound(progress),
    message: `the kubelet of node ${name} has not acknowledged the pod (${node})`,
    waitingFor: { kind: 'kubelet', name },
    next: nodeSteps(snapshot),
  });
}

/** When it came to its node. */
const bound = ({ scheduled, created }: Progress): Instant => (scheduled ?? created).at;

const notBefore = (since: Instant | undefined, earliest: Instant): Instant =>
  since !== undefined && since.at > earliest.at ? since : earliest;

function notReadySince({ pod }: PodSnapshot): Instant | undefined {
  const ready = pod.conditions.get('Ready');
  return ready?.status === 'True' ? undefined : ready?.changed;
}

const nodeSteps = (snapshot: PodSnapshot): NextStep[] => [
  { command: shell`kubectl describe node ${snapshot.pod.node ?? 'NODE'}`, when: 'for its conditions and events' },
  kubeletState(snapshot),
];

/** The step that the kubelet did not complete. */
function stageOf({ pod }: PodSnapshot, progress: Progress): Stage {
  // The first thing that a kubelet does with a pod is to make a sandbox for it.
  if (pod.acknowledgedAt === undefined) return 'Sandbox';
  return progress.started === undefined ? nextStage(pod, progress)[0] : 'Running';
}

const acknowledgement = ({ pod }: PodSnapshot): Evidence[] =>
  pod.acknowledgedAt === undefined
    ? [{ kind: 'field', text: 'status.startTime is not set: the kubelet has not acknowledged the pod' }]
    : [];

function nodeEvidence(node: NodeObject | undefined): Evidence[] {
  if (node === undefined) return [];
  if (!node.exists) return [{ kind: 'node', text: `no node ${node.name} (404)` }];
  return [
    ...(node.ready === undefined ? [] : [{ ...conditionEvidence(node.ready), kind: 'node' as const }]),
    ...(node.unreachable !== undefined && node.ready?.status !== 'Unknown'
      ? [{ kind: 'node' as const, text: 'taint node.kubernetes.io/unreachable' }]
      : []),
    ...(node.renewedAt === undefined
      ? []
      : [{ kind: 'lease' as const, text: `of node ${node.name}, last renewed`, last: node.renewedAt.at }]),
  ];
}
