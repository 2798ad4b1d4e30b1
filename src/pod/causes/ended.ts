import { shell } from '../../format/shell-command.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Instant } from '../fields.ts';
import type { Progress } from '../progress.ts';
import { signOf } from '../signs/sign-of.ts';
import { rejectionOf } from '../rejections.ts';
import type { Reason } from '../reason.ts';
import type { Cause, Evidence, WaitingFor } from '../verdict.ts';
import { conditionEvidence, describe, eventEvidence, inNamespace, shortened } from './evidence.ts';
import { replacementStep, replacementWords } from './replacement.ts';

/** A pod that was ended by Kubernetes itself, for a reason that is not its containers'. */
export function endedCause(snapshot: PodSnapshot, { ended, created }: Progress): Cause | undefined {
  const { pod } = snapshot;
  if (isRejected(snapshot)) return rejectedCause(snapshot);
  const disruption = pod.conditions.get('DisruptionTarget');
  const says =
    disruption === undefined ? undefined : `DisruptionTarget=${disruption.status} ${disruption.reason ?? ''}`;
  const sign = signOf('pod', pod.reason, pod.message) ?? signOf('condition', says, disruption?.message);
  if (sign === undefined && (pod.phase !== 'Failed' || pod.reason === undefined)) return undefined;
  const reason = sign?.reason ?? 'Unknown';
  const node = pod.node ?? 'its node';
  const message = pod.message ?? disruption?.message ?? `${pod.reason}`;
  const late = reason === 'DeadlineExceeded';
  const own = reason === 'Evicted' ? ownLimit(message) : undefined;
  return {
    reason,
    stage: sign?.stage ?? 'Running',
    proven: true,
    final: true,
    since: (ended ?? { at: disruption?.changed ?? created.at }).at,
    message: shortened(reason === 'Unknown' ? `${pod.reason}: ${message}` : message),
    waitingFor: own ?? (reason === 'Evicted' ? { kind: 'node', name: node } : { kind: 'pod', name: pod.name }),
    owner: late || own !== undefined ? 'author' : 'cluster-admin',
    who: `${endedBy(reason, message, node)}; ${replacementWords(pod)}`,
    evidence: [phaseEvidence(snapshot), ...(disruption === undefined ? [] : [conditionEvidence(disruption)])],
    next: [
      describe(snapshot),
      replacementStep(pod, inNamespace(snapshot)),
      ...(pod.node === undefined || own !== undefined
        ? []
        : [{ command: shell`kubectl describe node ${pod.node}`, when: 'for its pressure and events' }]),
    ],
  };
}

/**
 * The pod was evicted for a limit in its manifest, whatever its node has left (pkg/kubelet/eviction/helpers.go,
 * emptyDirMessageFmt, containerEphemeralStorageMessageFmt, podEphemeralStorageMessageFmt).
 */
function ownLimit(message: string): WaitingFor | undefined {
  const volume = /EmptyDir volume "([^"]+)" exceeds the limit/.exec(message)?.[1];
  if (volume !== undefined) return { kind: 'volume', name: volume };
  return /ephemeral storage limit|exceeds the total limit of containers/.test(message)
    ? { kind: 'resource', name: 'ephemeral-storage' }
    : undefined;
}

function endedBy(reason: Reason, message: string, node: string): string {
  if (reason === 'DeadlineExceeded') return "the manifest's author (activeDeadlineSeconds)";
  if (reason === 'Evicted' && ownLimit(message) !== undefined) {
    return "the program's author, or the manifest's author (the limit)";
  }
  const [, container, what] =
    /Container (\S+) was using \S+, request is \S+, has larger consumption of (\S+?)\./.exec(message) ?? [];
  return container === undefined
    ? `the administrator of node ${node}`
    : `the administrator of node ${node}, or the manifest's author: container ${container} used more ${what} than it requests`;
}

const phaseEvidence = ({ pod }: PodSnapshot): Evidence => ({
  kind: 'status',
  text: shortened(`phase ${pod.phase}${pod.reason === undefined ? '' : `, reason ${pod.reason}`}`),
});

/** The kubelet's prefix of every rejection, also of reasons that are newer than this program (pkg/kubelet/kubelet.go). */
const REJECTED = /^Pod was rejected: |^Pod (?=[A-Z])/;

/** Evicted pods have their own reason, whether they were running or not. */
const isRejected = ({ pod }: PodSnapshot): boolean =>
  pod.phase === 'Failed' &&
  pod.reason !== undefined &&
  signOf('pod', pod.reason, pod.message) === undefined &&
  (rejectionOf(pod.reason) !== undefined || (pod.message ?? '').startsWith('Pod was rejected: '));

function rejectedCause(snapshot: PodSnapshot): Cause {
  const { pod } = snapshot;
  const node = pod.node ?? 'its node';
  const reason = pod.reason ?? '';
  const rejection = rejectionOf(reason);
  const events = snapshot.events.filter((event) => event.reason === reason);
  const detail = shortage(pod.message) ?? pod.message?.replace(REJECTED, '').replace(/\.$/, '');
  return {
    reason: 'Rejected',
    stage: 'Admission',
    proven: true,
    final: true,
    since: events[0]?.first ?? sinceOf(snapshot),
    message: shortened(
      `node ${node} rejected it (${reason})${rejection === undefined ? '' : `: ${rejection.why}`}${detail === undefined ? '' : `: ${detail}`}`,
    ),
    waitingFor: { kind: 'node', name: node },
    owner: rejection?.owner ?? 'cluster-admin',
    who: `${rejection?.remedy ?? `the administrator of node ${node}`}; ${replacementWords(pod)}`,
    evidence: [...eventEvidence(events), phaseEvidence(snapshot)],
    next: [replacementStep(pod, inNamespace(snapshot)), ...nodeSteps(reason, node, snapshot)],
  };
}

const sinceOf = ({ pod }: PodSnapshot): Instant =>
  pod.acknowledgedAt ?? pod.conditions.get('PodScheduled')?.changed ?? pod.createdAt;

/** `cpu: requested 500m, used 3800m, capacity 4000m` (InsufficientResourceError, pkg/kubelet/lifecycle/predicate.go). */
function shortage(message = ''): string | undefined {
  const [, resource, requested = '', used = '', capacity = ''] =
    /enough resource: (\S+), requested: (\d+), used: (\d+), capacity: (\d+)/.exec(message) ?? [];
  if (resource === undefined) return undefined;
  // CPU is counted in thousandths, memory and storage in bytes.
  const unit = resource === 'cpu' ? 'm' : '';
  return `${resource} requested ${requested}${unit}, used ${used}${unit}, capacity ${capacity}${unit}`;
}

function nodeSteps(reason: string, node: string, { pod }: PodSnapshot): Cause['next'] {
  if (pod.node === undefined) return [];
  const labels = ['NodeAffinity', 'PodOSSelectorNodeLabelDoesNotMatch', 'PodOSNotSupported'];
  if (labels.includes(reason)) {
    return [{ command: shell`kubectl get node ${node} --show-labels`, when: 'which labels does it have?' }];
  }
  if (reason === 'NodePorts' || reason === 'VolumeAttachmentLimitExceeded') {
    return [
      {
        command: shell`kubectl get pods -A -o wide --field-selector spec.nodeName=${node}`,
        when: 'which pods run there?',
      },
    ];
  }
  return [{ command: shell`kubectl describe node ${node}`, when: 'for its capacity, taints and events' }];
}
