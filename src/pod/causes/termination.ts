import { shell } from '../../format/shell-command.ts';
import type { Container } from '../containers.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Condition } from '../objects.ts';
import { clockTime } from '../lanes/words.ts';
import { runtimeLog } from '../node-commands.ts';
import type { Cause, Evidence, NextStep } from '../verdict.ts';
import { conditionEvidence, describe, eventEvidence, inNamespace, shortened, stateEvidence } from './evidence.ts';
import { containerWords } from './sidecar.ts';

type Deletion = NonNullable<PodSnapshot['pod']['deletion']>;

/** A pod that is being deleted, and still exists. `lostNode` counts when its grace period is over. */
export function terminationCause(snapshot: PodSnapshot, lostNode: () => Cause | undefined): Cause | undefined {
  const { pod, now } = snapshot;
  const { deletion } = pod;
  if (deletion === undefined) return undefined;
  const running = pod.containers.filter(({ state }) => state?.kind === 'running');
  if (running.length === 0 && pod.finalizers.length > 0) return finalizerCause(snapshot, deletion);
  const overdue = now > deletion.dueAt.at;
  const lost = overdue ? lostNode() : undefined;
  if (lost === undefined) return endingCause(snapshot, deletion, running);
  return {
    ...lost,
    stage: 'Termination',
    since: lost.since.at > deletion.dueAt.at ? lost.since : deletion.dueAt,
    next: snapshot.node?.exists === false ? [...lost.next, forced(snapshot)] : lost.next,
  };
}

function finalizerCause(snapshot: PodSnapshot, deletion: Deletion): Cause {
  const { pod } = snapshot;
  const names = pod.finalizers.join(', ');
  const ends = pod.containers.flatMap(({ state }) =>
    state?.kind === 'terminated' && state.finishedAt !== undefined ? [state.finishedAt] : [],
  );
  return {
    stage: 'Termination',
    final: false,
    reason: 'Finalizer',
    // Its controller may be about to take it away.
    proven: false,
    since: ends.reduce((one, other) => (other.at > one.at ? other : one), deletion.requestedAt),
    message: `it is being deleted, and waits for finalizer ${names}`,
    waitingFor: { kind: 'finalizer', name: names },
    owner: 'author',
    who: `the controller that added finalizer ${names}`,
    evidence: [
      { kind: 'field', text: `metadata.finalizers: ${names}` },
      { kind: 'field', text: 'metadata.deletionTimestamp', first: deletion.requestedAt.at },
    ],
    next: [
      {
        command: shell`kubectl patch pod ${pod.name}${inNamespace(snapshot)} --type=json -p '[{"op":"remove","path":"/metadata/finalizers"}]'`,
        when: 'only if its controller is permanently gone',
      },
    ],
  };
}

/**
 * The kubelet runs the preStop hook of each container, then stops it, all within one grace period (pkg/kubelet/kuberuntime
 * /kuberuntime_container.go, killContainer); sidecars come last (KEP-753). A hook that goes on after that holds the pod
 * for as long as the kubelet lets it; without one the kubelet itself is late.
 */
function endingCause(snapshot: PodSnapshot, deletion: Deletion, running: readonly Container[]): Cause {
  const { pod, now } = snapshot;
  const { dueAt, requestedAt, graceSeconds } = deletion;
  const overdue = now > dueAt.at;
  const kill = overdue ? snapshot.events.findLast(({ reason }) => reason === 'FailedKillPod') : undefined;
  const main = running.filter(({ sidecar }) => !sidecar);
  const ending = main.length > 0 ? main : running;
  const hooked = ending.filter((container) => isHookOpen(container, snapshot, deletion));
  const grace = `its grace period of ${graceSeconds} s ${overdue ? 'ended' : 'lasts until'}${overdue ? ' at' : ''} ${clockTime(dueAt.at, now)}`;
  return {
    stage: 'Termination',
    final: false,
    reason: 'Termination',
    proven: false,
    ...((!overdue || hooked.length > 0) && { planned: true as const }),
    since: overdue && hooked.length === 0 ? dueAt : requestedAt,
    message: shortened(
      `it is being ${evicted(snapshot)}, and ${whatRuns(ending, hooked)}; ${grace}${overdue && hooked.length === 0 ? ', and the kubelet has not removed it' : ''}${kill === undefined ? '' : `: ${kill.message}`}`,
    ),
    waitingFor:
      ending.length === 0 || (overdue && hooked.length === 0)
        ? { kind: 'kubelet', name: pod.node ?? '' }
        : { kind: 'container', name: ending.map(({ name }) => name).join(', ') },
    owner: hooked.length > 0 ? 'author' : 'kubelet',
    who:
      hooked.length > 0
        ? `the manifest's author (preStop hook, grace period)`
        : pod.node === undefined
          ? 'the API server'
          : `the kubelet of node ${pod.node}`,
    evidence: [
      { kind: 'field', text: 'metadata.deletionTimestamp', first: requestedAt.at, last: dueAt.at },
      ...evictionEvidence(snapshot),
      ...eventEvidence(kill === undefined ? [] : [kill]),
      ...ending.flatMap((container) =>
        container.state === undefined ? [] : [stateEvidence(container, container.state)],
      ),
    ],
    next: [
      ...(ending[0] === undefined ? [] : [logsOf(ending[0], snapshot)]),
      ...(kill === undefined ? [] : [runtimeLog(snapshot)]),
      describe(snapshot),
    ],
  };
}

const EVICTIONS: Readonly<Record<string, string>> = {
  EvictionByEvictionAPI: 'evicted through the API, as `kubectl drain` does',
  DeletionByTaintManager: 'evicted because of a NoExecute taint of its node',
  PreemptionByScheduler: 'preempted by a pod of higher priority',
  DeletionByPodGC: 'removed by the pod garbage collector',
};

/** The component that deleted the pod, where the condition DisruptionTarget names it (KEP-3329). */
const disruptionOf = ({ pod }: PodSnapshot): Condition | undefined => {
  const disruption = pod.conditions.get('DisruptionTarget');
  return disruption?.status === 'True' ? disruption : undefined;
};

const evicted = (snapshot: PodSnapshot): string => EVICTIONS[disruptionOf(snapshot)?.reason ?? ''] ?? 'deleted';

function evictionEvidence(snapshot: PodSnapshot): Evidence[] {
  const disruption = disruptionOf(snapshot);
  return disruption === undefined ? [] : [conditionEvidence(disruption)];
}

/** The API reports the end of a hook only when it failed. The duration of a `sleep` is in the spec. */
function isHookOpen({ name, preStop }: Container, { events, now }: PodSnapshot, { requestedAt }: Deletion): boolean {
  if (preStop === undefined) return false;
  const over = preStop.seconds !== undefined && now > requestedAt.at + BigInt(preStop.seconds + 1) * 1_000_000_000n;
  return !over && !events.some(({ reason, container }) => reason === 'FailedPreStopHook' && container === name);
}

function whatRuns(ending: readonly Container[], hooked: readonly Container[]): string {
  if (ending.length === 0) return 'its containers have ended';
  const hooks = hooked.map(
    (container) => `the preStop hook of ${containerWords(container)} (${container.preStop?.words}) runs`,
  );
  if (hooks.length > 0) return hooks.join(' and ');
  return `${ending.map(containerWords).join(', ')} still ${ending.length === 1 ? 'runs' : 'run'}`;
}

const logsOf = ({ name }: Container, snapshot: PodSnapshot): NextStep => ({
  command: shell`kubectl logs ${snapshot.pod.name}${inNamespace(snapshot)} -c ${name} --tail=20`,
  when: 'what is it doing before it ends?',
});

/** Right only when no kubelet can still run its containers: its node was deleted. */
const forced = (snapshot: PodSnapshot): NextStep => ({
  command: shell`kubectl delete pod ${snapshot.pod.name}${inNamespace(snapshot)} --force --grace-period=0`,
  when: `node ${snapshot.pod.node} does not exist: only if its machine is also off`,
});
