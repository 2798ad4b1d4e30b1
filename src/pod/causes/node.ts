import { between, nanosFromMillis } from '../../trace/time.ts';
import type { PodFacts } from '../facts.ts';
import { nextStage } from '../next-stage.ts';
import type { Progress } from '../progress.ts';
import type { Stage } from '../stage.ts';
import type { Cause, Evidence } from '../verdict.ts';
import { conditionEvidence } from './evidence.ts';

/** The node controller's patience with a kubelet (kube-controller-manager --node-monitor-grace-period). */
const SILENCE = nanosFromMillis(50_000);

/**
 * A pod whose node is lost: its kubelet does not report at all, or not that the node is ready. A pod that the kubelet has
 * not acknowledged yet is one on a silent node only when time has passed.
 */
export function nodeCause(facts: PodFacts, progress: Progress): Cause | undefined {
  const { scheduled, created } = progress;
  const { pod, node, now } = facts;
  if (pod.node === undefined) return undefined;
  const silence = node?.renewedAt === undefined ? undefined : between(node.renewedAt.at, now);
  const silent = (silence !== undefined && silence > SILENCE) || node?.ready?.status === 'Unknown';
  const unacknowledged = pod.acknowledgedAt === undefined;
  const lost = silent || node?.ready?.status === 'False';
  if (!lost && !unacknowledged) return undefined;
  const since = unacknowledged ? (scheduled ?? created).at : (node?.ready?.changed ?? node?.renewedAt ?? created.at);
  const evidence = [
    ...(unacknowledged
      ? [{ kind: 'field' as const, text: 'status.startTime is not set: the kubelet has not acknowledged the pod' }]
      : []),
    ...nodeEvidence(facts),
  ];
  const next = [
    { command: `kubectl describe node ${pod.node}`, when: 'for its conditions and events' },
    { command: 'systemctl status kubelet', when: `on node ${pod.node}` },
  ];
  if (silent || unacknowledged) {
    return {
      reason: 'KubeletSilent',
      stage: stageOf(facts, progress),
      // A kubelet that was only restarted comes back: what proves it is that time passes.
      proven: false,
      final: false,
      since,
      message: `the kubelet of node ${pod.node} does not report`,
      waitingFor: { kind: 'kubelet', name: pod.node },
      owner: 'cluster-admin',
      who: `whoever runs node ${pod.node}`,
      evidence,
      next,
    };
  }
  return {
    reason: 'NodeNotReady',
    stage: stageOf(facts, progress),
    proven: true,
    final: false,
    since,
    message: `node ${pod.node} is not ready: ${node?.ready?.message ?? node?.ready?.reason ?? 'nobody says why'}`,
    waitingFor: { kind: 'node', name: pod.node },
    owner: 'cluster-admin',
    who: `whoever runs node ${pod.node}`,
    evidence,
    next,
  };
}

/** What the kubelet did not get on with. */
function stageOf({ pod }: PodFacts, progress: Progress): Stage {
  // The first thing that a kubelet does with a pod is to make a sandbox for it.
  if (pod.acknowledgedAt === undefined) return 'Sandbox';
  return progress.started === undefined ? nextStage(pod, progress)[0] : 'Running';
}

function nodeEvidence({ node }: PodFacts): Evidence[] {
  if (node === undefined) return [];
  return [
    ...(node.ready === undefined ? [] : [{ ...conditionEvidence(node.ready), kind: 'node' as const }]),
    ...(node.renewedAt === undefined
      ? []
      : [{ kind: 'lease' as const, text: `of node ${node.name}, last renewed`, last: node.renewedAt.at }]),
  ];
}
