import { counted } from '../../format/counted.ts';
import { after, nanosFromMillis, type Nanos } from '../../trace/time.ts';
import type { Container, ContainerState, TerminatedState } from '../containers.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import { EXEC_FORMAT, START_ERRORS } from '../errors/start-errors.ts';
import { RUNTIME_ERRORS } from '../errors/runtime-errors.ts';
import { explain, type Explanation } from '../errors/known-error.ts';
import { onWindows } from '../node-commands.ts';
import { signOf } from '../signs/sign-of.ts';
import type { Sign } from '../signs/sign.ts';
import type { Cause, Evidence } from '../verdict.ts';
import { eventEvidence, shortened, stateEvidence } from './evidence.ts';
import { nextOf } from './crash-next.ts';
import { exitWords } from './exit.ts';
import { hookFailure } from './hooks.ts';
import { contextOf } from './node-step.ts';
import { containerWords, isInitialized } from './sidecar.ts';

/** A container that ended with an error: restarted again and again, or over for good. */
export function crashCause(container: Container, ended: TerminatedState, snapshot: PodSnapshot): Cause {
  const { name, restarts, sidecar } = container;
  // Initialized, a sidecar is a container as any other (KEP-753).
  const init = container.init && !(sidecar && isInitialized(snapshot.pod));
  const killed = killedBy(container, ended, snapshot);
  const hook = hookFailure(container, ended, snapshot);
  const sign = signOf('terminated', ended.reason, ended.message);
  const final = snapshot.pod.phase === 'Failed' || isOver(container, snapshot);
  const reason =
    sign?.reason === 'OOMKilled' || sign?.stage === 'ContainerStart'
      ? sign.reason
      : (killed?.reason ?? (container.init && !sidecar ? 'InitContainer' : 'CrashLoop'));
  const stage = init
    ? 'InitContainers'
    : sign?.stage === 'ContainerStart'
      ? 'ContainerStart'
      : sidecar
        ? 'Running'
        : (killed?.stage ?? 'Running');
  const backOffs = snapshot.events.filter((event) => event.reason === 'BackOff' && event.container === name);
  const log = snapshot.logs.find((tail) => tail.container === name);
  const [since = snapshot.pod.createdAt] = [ended.finishedAt, backOffs[0]?.first]
    .filter((text) => text !== undefined)
    .toSorted((one, other) => Number(one.at - other.at));
  const known = startFailure(reason, container, ended, snapshot);
  const words = hook?.words ?? endWords(reason, container, ended, snapshot, known);
  return {
    reason,
    stage,
    proven: true,
    final,
    since,
    message: shortened(
      `${containerWords(container)} ${words}${restarts === 0 ? '' : `, restarted ${times(restarts)}`}${heldUp(container, snapshot)}`,
    ),
    waitingFor: { kind: 'container', name },
    owner: known?.owner ?? 'author',
    who: hook?.who ?? known?.who ?? (isDone(reason, ended) ? FINISHED : whoOf(reason)),
    evidence: [
      ...(container.state === ended
        ? [stateEvidence(container, ended)]
        : [
            ...(container.state === undefined ? [] : [stateEvidence(container, container.state)]),
            stateEvidence(container, ended, 'lastState'),
          ]),
      ...(killed === undefined ? [] : [...eventEvidence(killed.failures), ...eventEvidence(killed.killings)]),
      ...(hook === undefined ? [] : eventEvidence(hook.events)),
      ...eventEvidence(backOffs),
      ...(log === undefined ? [] : log.lines.map((line): Evidence => ({ kind: 'log', text: shortened(line) }))),
    ],
    next: [...(known?.next ?? []), ...nextOf(reason, container, snapshot, known)],
    ...(reason !== 'ContainerCreate' && { log: { container: name, previous: container.state !== ended } }),
    ...(final ? {} : retryOf(container, ended)),
  };
}

/** Nothing is restarted in this pod, and nothing else runs: its phase will follow. */
function isOver({ init, sidecar, state }: Container, { pod }: PodSnapshot): boolean {
  if (pod.restartPolicy !== 'Never' || sidecar || state?.kind !== 'terminated') return false;
  return init || pod.containers.every((other) => other.init || other.state?.kind === 'terminated');
}

/** Kubernetes calls a pod failed only when all of its containers have ended. */
function heldUp({ init, state }: Container, { pod }: PodSnapshot): string {
  if (pod.restartPolicy !== 'Never' || init || state?.kind !== 'terminated') return '';
  const running = pod.containers.filter((other) => !other.init && other.state?.kind === 'running');
  return running.length === 0
    ? ''
    : `; ${running.map(containerWords).join(', ')} still runs; the pod fails only after it ends`;
}

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : counted(count, 'time'));

/** Where the runtime's text, or all that the container wrote, says why the program could not run. */
function startFailure(
  reason: Cause['reason'],
  container: Container,
  ended: TerminatedState,
  snapshot: PodSnapshot,
): Explanation | undefined {
  const context = contextOf(snapshot, container);
  if (reason === 'ContainerCreate') {
    return explain([...START_ERRORS, ...RUNTIME_ERRORS], startError(ended.message), context);
  }
  const lines = snapshot.logs.find((log) => log.container === container.name)?.lines ?? [];
  const last = [...lines.slice(-3), ended.message ?? ''].find((line) => NOT_EXECUTED.test(line));
  return last === undefined ? undefined : explain([EXEC_FORMAT, ...START_ERRORS], last, context);
}

/** Lines that runc and shells write into the container's log in place of the program. */
const NOT_EXECUTED =
  /exec format error|^(?:\S+Z? )?(?:std(?:out|err) F )?(?:standard_init_linux\.go:\d+: )?exec (?:user process caused[^:]*: ?|\S+: )"?(?:no such file or directory|permission denied)"?$/i;

function endWords(
  reason: Cause['reason'],
  container: Container,
  ended: TerminatedState,
  snapshot: PodSnapshot,
  known: Explanation | undefined,
): string {
  const exit = exitWords(ended, onWindows(snapshot));
  switch (reason) {
    case 'OOMKilled':
      return `was killed because it ran out of memory (${memoryWords(container)}), ${exit}`;
    case 'ContainerCreate':
      return `cannot be started: ${known?.message ?? startError(ended.message)}`;
    case 'Liveness':
      return `is killed because its liveness probe fails, ${exit}`;
    case 'Startup':
      return `is killed because its startup probe fails, ${exit}`;
    default:
      if (known !== undefined) return `ends with ${exit}: ${known.message}`;
      // CRI-O's own word (server/container_status.go).
      if (ended.reason === 'seccomp killed') {
        return `is killed for a system call that its seccomp profile does not allow, ${exit}`;
      }
      if (ended.reason === 'Unknown' || ended.reason === 'ContainerStatusUnknown') {
        return `ended in an unknown way (${ended.reason}, ${exit}): the runtime or the node restarted, or lost the container`;
      }
      return ended.exitCode === 0
        ? 'ends on its own, exit code 0'
        : `ends with ${exit}${ended.message === undefined ? '' : `: ${ended.message}`}`;
  }
}

/** `limit 32Mi, request 16Mi` */
function memoryWords({ memoryLimit, memoryRequest }: Container): string {
  const limit = memoryLimit === undefined ? 'no limit' : `limit ${memoryLimit}`;
  return memoryRequest === undefined ? limit : `${limit}, request ${memoryRequest}`;
}

/** Runtime errors are wrapped in several layers; the innermost one is the reason. */
const startError = (message = 'the runtime gives no cause'): string =>
  /exec: ".*$/s.exec(message)?.[0] ?? message.replace(/^.*OCI runtime create failed: /s, '');

const whoOf = (reason: Cause['reason']): string =>
  reason === 'OOMKilled'
    ? "the program's author, or the manifest's author (memory limit)"
    : reason === 'ContainerCreate'
      ? "the manifest's author (command), or the image's publisher"
      : reason === 'Liveness' || reason === 'Startup'
        ? "the program's author, or the manifest's author (probe)"
        : "the program's author, or the author of its configuration";

const isDone = (reason: Cause['reason'], { exitCode }: TerminatedState): boolean =>
  reason === 'CrashLoop' && exitCode === 0;
const FINISHED =
  "the program's author, or the manifest's author: with restartPolicy Always a program is not expected to end; one that does belongs in a Job";

const LATE_EVENT = 120_000_000_000n;

/** The kubelet kills a container whose probe fails: the end is its doing, not the program's. */
function killedBy(
  { name }: Container,
  { startedAt }: TerminatedState,
  { events }: PodSnapshot,
): (Sign & Record<'killings' | 'failures', PodSnapshot['events']>) | undefined {
  const killings = events.filter(
    (event) =>
      event.reason === 'Killing' &&
      (event.container ?? / container (\S+) failed /i.exec(` ${event.message}`)?.[1]) === name &&
      // A probe that failed in a run long ago does not explain this end; the event of the last kill may be late.
      (startedAt === undefined || event.last.at + LATE_EVENT >= startedAt.at),
  );
  const sign = signOf('event', 'Killing', killings.at(-1)?.message);
  if (sign === undefined) return undefined;
  return {
    ...sign,
    killings,
    failures: events.filter((event) => event.reason === 'Unhealthy' && event.container === name),
  };
}

/** `back-off 40s restarting failed container=…` (k8s.io/kubernetes pkg/kubelet/kuberuntime/kuberuntime_manager.go). */
export function backOffNanos({
  message = '',
}: Extract<ContainerState, { readonly kind: 'waiting' }>): Nanos | undefined {
  const [, minutes = '0', seconds] = /back-off (?:(\d+)m)?(\d+)s/.exec(message) ?? [];
  return seconds === undefined ? undefined : nanosFromMillis((Number(minutes) * 60 + Number(seconds)) * 1000);
}

function retryOf({ state }: Container, { finishedAt }: TerminatedState): Pick<Cause, 'retryAt'> {
  const wait = state?.kind === 'waiting' ? backOffNanos(state) : undefined;
  return wait === undefined || finishedAt === undefined ? {} : { retryAt: after(finishedAt.at, wait) };
}
