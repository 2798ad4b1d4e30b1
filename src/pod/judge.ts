import { beforeContainersCause } from './causes/before-containers.ts';
import { containerCause } from './causes/container.ts';
import { relapseCause } from './causes/relapse.ts';
import { endedCause } from './causes/ended.ts';
import { describe } from './causes/evidence.ts';
import { nodeCause } from './causes/node.ts';
import { pullingCause } from './causes/pulling.ts';
import { runningCause } from './causes/running.ts';
import { schedulingCause } from './causes/scheduling.ts';
import { sidecarCause } from './causes/sidecar.ts';
import { terminationCause } from './causes/termination.ts';
import type { PodSnapshot } from './pod-snapshot.ts';
import type { Instant } from './fields.ts';
import type { PodSync } from './kubelet-spans.ts';
import { nextStage } from './next-stage.ts';
import { notesOf, staysOnFaultyNode } from './notes.ts';
import type { Progress } from './progress.ts';
import { after } from '../trace/time.ts';
import { verdictOf, type Cause, type Verdict } from './verdict.ts';

/**
 * Verdict on a pod now. It is stuck where Kubernetes itself says why it makes no progress, and otherwise when nothing
 * has happened for `untilStuck`, by the object's own times.
 */
export function judge(snapshot: PodSnapshot, progress: Progress, syncs: readonly PodSync[]): Verdict {
  const verdict = stateOf(snapshot, progress, syncs);
  const { since } = verdict;
  const { createdAt } = snapshot.pod;
  return {
    ...verdict,
    // Nothing of a pod began before the pod did, whatever clocks say.
    since: since !== null && since.at < createdAt.at ? createdAt : since,
    notes: notesOf(snapshot, verdict),
  };
}

function stateOf(snapshot: PodSnapshot, progress: Progress, syncs: readonly PodSync[]): Verdict {
  const { pod, now, untilStuck } = snapshot;
  if (pod.deletion === undefined) {
    if (pod.phase === 'Succeeded') return good('succeeded', progress.ended);
    if (progress.ready !== undefined && pod.conditions.get('Ready')?.status === 'True') {
      const trouble = lostNode(snapshot, progress) ?? relapseCause(snapshot);
      if (trouble === undefined) return good('ready', progress.ready);
    }
  }
  return verdictOf(firstCause(snapshot, progress, syncs), now, untilStuck);
}

const good = (state: 'ready' | 'succeeded', since: Progress['ready']): Verdict => ({
  state,
  stage: 'Running',
  reason: null,
  since: since?.at ?? null,
  cause: null,
  notes: [],
});

/**
 * Cause that overrides a Ready pod's own status: its node has been lost for `untilStuck`. Until then a note reports it.
 * A deleted node takes its pods with it in a minute, and a pod that tolerates a fault of its node for good stays as it
 * is.
 */
function lostNode(snapshot: PodSnapshot, progress: Progress): Cause | undefined {
  const cause = nodeCause(snapshot, progress);
  if (cause === undefined || snapshot.node?.exists === false || staysOnFaultyNode(snapshot)) return undefined;
  return isStuck(cause, snapshot) ? cause : undefined;
}

const isStuck = (cause: Cause, { now, untilStuck }: PodSnapshot): boolean =>
  verdictOf(cause, now, untilStuck).state === 'stuck';

/** In the order in which one thing keeps the next from happening: a pod without a node has no other troubles yet. */
function firstCause(snapshot: PodSnapshot, progress: Progress, syncs: readonly PodSync[]): Cause {
  const node = nodeCause(snapshot, progress);
  const own = (): Cause | undefined =>
    beforeContainersCause(snapshot, progress, syncs) ?? containerCause(snapshot, progress);
  return (
    terminationCause(snapshot, () => node) ??
    endedCause(snapshot, progress) ??
    // A finished pod is not waited for any more, whatever became of its node.
    (snapshot.pod.phase === 'Failed' ? containerCause(snapshot, progress) : undefined) ??
    schedulingCause(snapshot, progress) ??
    // A node that may be back in a moment is no excuse for what is proven already.
    (node !== undefined && !isStuck(node, snapshot) ? own() : undefined) ??
    node ??
    own() ??
    sidecarCause(snapshot) ??
    pullingCause(snapshot) ??
    runningCause(snapshot, progress) ??
    unknownCause(snapshot, progress)
  );
}

/** No condition, event or span says what is waited for: the stage that comes next, and what is known. */
function unknownCause(snapshot: PodSnapshot, progress: Progress): Cause {
  const { pod, now, untilStuck } = snapshot;
  const [stage, begin] = nextStage(pod, progress);
  const since = [begin, ...changesOf(pod)].reduce((one, other) => (other.at > one.at ? other : one));
  const isEarly = now < after(since.at, untilStuck);
  const node = pod.node ?? '';
  return {
    reason: 'Unknown',
    stage,
    proven: false,
    final: pod.phase === 'Failed',
    since,
    message: isEarly
      ? `no event or condition reports a fault so far (phase ${pod.phase})`
      : `no cause found: status, events and spans do not explain the wait (phase ${pod.phase})`,
    waitingFor: { kind: 'kubelet', name: node },
    owner: 'kubelet',
    who: `the kubelet of node ${node}`,
    evidence: [{ kind: 'status', text: `phase ${pod.phase}` }],
    next: [describe(snapshot)],
  };
}

/** When its conditions and containers changed: a kubelet that has just said something is not silent. */
const changesOf = ({ conditions, containers }: PodSnapshot['pod']): readonly Instant[] => [
  ...[...conditions.values()].flatMap(({ changed }) => changed ?? []),
  ...containers.flatMap(({ state }) => (state?.kind === 'terminated' ? (state.finishedAt ?? []) : [])),
];
