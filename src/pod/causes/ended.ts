import type { PodFacts } from '../facts.ts';
import type { Progress } from '../progress.ts';
import { signOf } from '../reason.ts';
import type { Cause } from '../verdict.ts';
import { conditionEvidence, describe, shortened } from './evidence.ts';

/** A pod that was ended by Kubernetes itself, for a reason that is not its containers'. */
export function endedCause(facts: PodFacts, { ended, created }: Progress): Cause | undefined {
  const { pod } = facts;
  const disruption = pod.conditions.get('DisruptionTarget');
  const says =
    disruption === undefined ? undefined : `DisruptionTarget=${disruption.status} ${disruption.reason ?? ''}`;
  const sign = signOf('pod', pod.reason, pod.message) ?? signOf('condition', says, disruption?.message);
  if (sign === undefined && (pod.phase !== 'Failed' || pod.reason === undefined)) return undefined;
  const reason = sign?.reason ?? 'Unknown';
  const node = pod.node ?? 'its node';
  const message = pod.message ?? disruption?.message ?? `${pod.reason}`;
  return {
    reason,
    stage: sign?.stage ?? 'Running',
    proven: true,
    final: true,
    since: (ended ?? { at: disruption?.changed ?? created.at }).at,
    message: shortened(reason === 'Unknown' ? `${pod.reason}: ${message}` : message),
    waitingFor: reason === 'Evicted' ? { kind: 'node', name: node } : { kind: 'pod', name: pod.name },
    owner: 'cluster-admin',
    who: `whoever runs node ${node}; nobody restarts this pod, only what owns it may make another`,
    evidence: [
      {
        kind: 'status',
        text: shortened(`phase ${pod.phase}${pod.reason === undefined ? '' : `, reason ${pod.reason}`}`),
      },
      ...(disruption === undefined ? [] : [conditionEvidence(disruption)]),
    ],
    next: [
      describe(facts),
      ...(pod.node === undefined
        ? []
        : [{ command: `kubectl describe node ${pod.node}`, when: 'for its pressure and events' }]),
    ],
  };
}
