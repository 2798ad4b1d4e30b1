import { shell } from '../../format/shell-command.ts';
import { epochNanos } from '../../trace/time.ts';
import type { Container } from '../containers.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Instant } from '../fields.ts';
import { clockTime } from '../lanes/words.ts';
import type { PodObject } from '../objects.ts';
import type { Cause } from '../verdict.ts';
import { inNamespace, stateEvidence } from './evidence.ts';

/** `sidecar mesh`, `init container migrate`, `container app` */
export const containerWords = ({ name, init, sidecar }: Pick<Container, 'name' | 'init' | 'sidecar'>): string =>
  `${sidecar ? 'sidecar' : init ? 'init container' : 'container'} ${name}`;

/**
 * Initialized, every init container has ended and every sidecar has been started; it stays True while sidecars are
 * restarted (pkg/kubelet/status/generate.go, GeneratePodInitializedCondition).
 */
export const isInitialized = ({ conditions }: Pick<PodObject, 'conditions'>): boolean =>
  conditions.get('Initialized')?.status === 'True';

/**
 * A pod that is to complete, where some containers have ended well and others go on. Kubernetes waits for every container
 * of `spec.containers`; only restartable init containers (KEP-753) are stopped when the others have ended.
 */
export function sidecarCause(snapshot: PodSnapshot): Cause | undefined {
  const { pod } = snapshot;
  if (pod.restartPolicy === 'Always' || pod.phase !== 'Running') return undefined;
  const main = pod.containers.filter(({ init }) => !init);
  const ended = main.filter(({ state }) => state?.kind === 'terminated' && state.exitCode === 0);
  const running = main.filter(({ state }) => state?.kind === 'running');
  const since = lastEnd(ended);
  if (since === undefined || ended.length + running.length < main.length) return undefined;
  const sidecars = pod.containers.filter(({ sidecar, state }) => sidecar && state?.kind === 'running');
  if (running.length > 0) return classic(snapshot, ended, running, since);
  return sidecars.length === 0 ? undefined : native(snapshot, sidecars, since);
}

function lastEnd(ended: readonly Container[]): Instant | undefined {
  const ends = ended.flatMap(({ state }) =>
    state?.kind === 'terminated' && state.finishedAt !== undefined ? [state.finishedAt] : [],
  );
  const [first, ...others] = ends;
  return first && others.reduce((last, end) => (end.at > last.at ? end : last), first);
}

const namesOf = (containers: readonly Container[]): string => containers.map(({ name }) => name).join(', ');

function classic(
  snapshot: PodSnapshot,
  ended: readonly Container[],
  running: readonly Container[],
  since: Instant,
): Cause {
  const { now, untilStuck, pod } = snapshot;
  const names = namesOf(running);
  const isSingle = running.length === 1;
  const lasting = now - since.at >= BigInt(untilStuck);
  return {
    reason: 'SidecarKeepsRunning',
    stage: 'Running',
    proven: false,
    // Both may have work to do. In the first moments neither is reported as waiting for the other.
    ...(lasting && { planned: true as const }),
    final: false,
    since,
    message: `container ${namesOf(ended)} has completed, and the pod completes only when ${names} ${isSingle ? 'ends' : 'end'} as well`,
    waitingFor: { kind: 'container', name: names },
    owner: 'author',
    who: `the manifest's author: ${names} must end on ${isSingle ? 'its' : 'their'} own, or become ${isSingle ? 'a sidecar' : 'sidecars'} (an init container with restartPolicy Always), which Kubernetes stops`,
    evidence: [...ended, ...running].flatMap((container) =>
      container.state === undefined ? [] : [stateEvidence(container, container.state)],
    ),
    next: running.slice(0, 1).map(({ name }) => ({
      command: shell`kubectl logs ${pod.name}${inNamespace(snapshot)} -c ${name} --tail=20`,
      when: 'does it still have work to do?',
    })),
  };
}

/** The kubelet stops sidecars in the reverse order of their start, within the pod's grace period. */
function native(snapshot: PodSnapshot, sidecars: readonly Container[], since: Instant): Cause {
  const { pod, now } = snapshot;
  const due = epochNanos(since.at + BigInt(pod.graceSeconds) * 1_000_000_000n);
  const names = namesOf(sidecars);
  return {
    reason: 'Termination',
    stage: 'Termination',
    proven: false,
    ...(now <= due && { planned: true as const }),
    final: false,
    since: now <= due ? since : { ...since, at: due },
    message: `its containers have completed, and sidecar ${names} is being stopped, which may take until ${clockTime(due)} (${pod.graceSeconds} s)`,
    waitingFor: { kind: 'container', name: names },
    owner: 'kubelet',
    who: `the kubelet of node ${pod.node ?? ''}`,
    evidence: sidecars.flatMap((container) =>
      container.state === undefined ? [] : [stateEvidence(container, container.state)],
    ),
    next: sidecars.slice(0, 1).map(({ name }) => ({
      command: shell`kubectl logs ${pod.name}${inNamespace(snapshot)} -c ${name} --tail=20`,
      when: 'what is it doing before it ends?',
    })),
  };
}
