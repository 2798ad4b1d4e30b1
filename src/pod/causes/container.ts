import { epochNanos } from '../../trace/time.ts';
import type { PodFacts } from '../facts.ts';
import type { Instant } from '../fields.ts';
import type { Container, ContainerState, TerminatedState } from '../containers.ts';
import type { Progress } from '../progress.ts';
import { signOf, type Sign } from '../reason.ts';
import type { Stage } from '../stage.ts';
import type { Cause, Evidence, NextStep } from '../verdict.ts';
import { missingObject } from './before-containers.ts';
import { describe, eventEvidence, inNamespace, shortened, stateEvidence } from './evidence.ts';
import { imageCause } from './image.ts';

/** The first container, in the order in which they are started, that does not get on by its own account. */
export function containerCause(facts: PodFacts, progress: Progress): Cause | undefined {
  for (const container of facts.pod.containers) {
    const cause = causeOf(container, facts, progress);
    if (cause !== undefined) return cause;
  }
  return undefined;
}

function causeOf(container: Container, facts: PodFacts, progress: Progress): Cause | undefined {
  const { state } = container;
  if (state?.kind === 'terminated') {
    const over = state.exitCode !== 0 && !container.ready;
    return over ? crashCause(container, state, facts) : undefined;
  }
  if (state?.kind === 'running') {
    return container.last !== undefined && isRelapsing(container, container.last, facts)
      ? crashCause(container, container.last, facts)
      : undefined;
  }
  if (state?.kind !== 'waiting') return undefined;
  if (state.reason === 'CrashLoopBackOff' || state.reason === 'RunContainerError') {
    if (container.last !== undefined) return crashCause(container, container.last, facts);
  }
  const sign = signOf('waiting', state.reason, state.message);
  if (sign === undefined) return undefined;
  const before = container.init ? progress.sandbox : (progress.initialized ?? progress.sandbox);
  const reached = (before ?? progress.scheduled ?? progress.created).at;
  const since = later(reached, begun(container, sign.stage, facts));
  if (sign.stage === 'ImagePull') return imageCause(container, state, sign, since, facts);
  return creationCause(container, state, sign, since, facts);
}

/** What the kubelet writes when a container comes to a stage. Of images it pulls one after the other: waiting for a turn counts. */
const BEGINNINGS: Partial<Record<Stage, string>> = { ImagePull: 'Pulling', ContainerCreate: 'Pulled' };

/** What is before that is no trouble of the container's. */
const begun = ({ name }: Container, stage: Stage, { events }: PodFacts): Instant | undefined =>
  events.find(({ reason, container }) => container === name && reason === BEGINNINGS[stage])?.first;

const later = (one: Instant, other: Instant | undefined): Instant =>
  other !== undefined && other.at > one.at ? other : one;

/** A container that comes and goes: as long as it has not run longer than the last time, it may be about to end again. */
export const relapseCause = (facts: PodFacts): Cause | undefined =>
  facts.pod.containers.flatMap((container) =>
    container.state?.kind === 'running' && container.last !== undefined && isRelapsing(container, container.last, facts)
      ? [crashCause(container, container.last, facts)]
      : [],
  )[0];

/** Once is no loop. */
const FEWEST_RESTARTS = 2;

function isRelapsing({ state, restarts }: Container, last: TerminatedState, { now, untilStuck }: PodFacts): boolean {
  if (state?.kind !== 'running' || restarts < FEWEST_RESTARTS || (last.exitCode === 0 && last.reason === 'Completed')) {
    return false;
  }
  if (state.startedAt === undefined || last.startedAt === undefined || last.finishedAt === undefined) return false;
  const before = last.finishedAt.at - last.startedAt.at;
  return now - state.startedAt.at < before + BigInt(untilStuck);
}

function creationCause(
  container: Container,
  state: Extract<ContainerState, { kind: 'waiting' }>,
  { reason, stage }: Sign,
  since: Instant,
  facts: PodFacts,
): Cause {
  const message = state.message ?? state.reason ?? '';
  const failures = facts.events.filter((event) => event.reason === 'Failed' && event.container === container.name);
  const base = {
    reason,
    stage,
    proven: true,
    final: false,
    since,
    evidence: [...eventEvidence(failures), stateEvidence(container, state)],
  } as const;
  if (reason === 'MissingConfigMap' || reason === 'MissingSecret') {
    return { ...base, ...missingObject(reason, message, facts) };
  }
  return {
    ...base,
    message: shortened(`container ${container.name}: ${message}`),
    waitingFor: { kind: 'container', name: container.name },
    owner: 'author',
    who: 'whoever wrote the manifest, or the runtime of the node',
    next: [describe(facts)],
  };
}

/** Exit codes above this are 128 and the signal that ended the process. */
const SIGNALLED = 128;
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/** `exit code 137 (SIGKILL)` */
export function exitWords({ exitCode, signal }: Pick<TerminatedState, 'exitCode' | 'signal'>): string {
  const number = signal ?? (exitCode > SIGNALLED ? exitCode - SIGNALLED : undefined);
  const name = number === undefined ? undefined : (SIGNALS[number] ?? `signal ${number}`);
  return `exit code ${exitCode}${name === undefined ? '' : ` (${name})`}`;
}

/** A container that ended with an error: restarted again and again, or over for good. */
function crashCause(container: Container, ended: TerminatedState, facts: PodFacts): Cause {
  const { name, init, restarts } = container;
  const killed = killedBy(container, facts);
  const sign = signOf('terminated', ended.reason, ended.message);
  const final = facts.pod.phase === 'Failed' || isOver(container, facts);
  const reason =
    sign?.reason === 'OOMKilled' || sign?.stage === 'ContainerStart'
      ? sign.reason
      : (killed?.reason ?? (init ? 'InitContainer' : 'CrashLoop'));
  const stage = init
    ? 'InitContainers'
    : sign?.stage === 'ContainerStart'
      ? 'ContainerStart'
      : (killed?.stage ?? 'Running');
  const backOffs = facts.events.filter((event) => event.reason === 'BackOff' && event.container === name);
  const log = facts.logs.find((one) => one.container === name);
  const [since = facts.pod.createdAt] = [ended.finishedAt, backOffs[0]?.first]
    .filter((one) => one !== undefined)
    .toSorted((one, other) => Number(one.at - other.at));
  const what = init ? `init container ${name}` : `container ${name}`;
  return {
    reason,
    stage,
    proven: true,
    final,
    since,
    message: shortened(
      `${what} ${told(reason, container, ended)}${restarts === 0 ? '' : `, restarted ${times(restarts)}`}`,
    ),
    waitingFor: { kind: 'container', name },
    owner: 'author',
    who: whoOf(reason),
    evidence: [
      ...(container.state === ended
        ? [stateEvidence(container, ended)]
        : [
            ...(container.state === undefined ? [] : [stateEvidence(container, container.state)]),
            stateEvidence(container, ended, 'lastState'),
          ]),
      ...(killed === undefined ? [] : eventEvidence(killed.events)),
      ...eventEvidence(backOffs),
      ...(log === undefined ? [] : log.lines.map((line): Evidence => ({ kind: 'log', text: shortened(line) }))),
    ],
    next: nextOf(reason, container, facts),
    ...(reason !== 'ContainerCreate' && { log: { container: name, previous: container.state !== ended } }),
    ...(final ? {} : retryOf(container, ended)),
  };
}

/** Nothing is restarted in this pod, and nothing else runs: its phase will follow. */
function isOver({ init, state }: Container, { pod }: PodFacts): boolean {
  if (pod.restartPolicy !== 'Never' || state?.kind !== 'terminated') return false;
  return init || pod.containers.every((one) => one.init || one.state?.kind === 'terminated');
}

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

function told(reason: Cause['reason'], { memoryLimit }: Container, ended: TerminatedState): string {
  const exit = exitWords(ended);
  switch (reason) {
    case 'OOMKilled':
      return `was killed for want of memory${memoryLimit === undefined ? '' : ` (limit ${memoryLimit})`}, ${exit}`;
    case 'ContainerCreate':
      return `cannot be started: ${startError(ended.message)}`;
    case 'Liveness':
      return `is killed because its liveness probe fails, ${exit}`;
    case 'Startup':
      return `is killed because its startup probe fails, ${exit}`;
    default:
      return ended.exitCode === 0
        ? 'ends by itself, exit code 0'
        : `ends with ${exit}${ended.message === undefined ? '' : `: ${ended.message}`}`;
  }
}

/** What the runtime says in several layers; the innermost one is the reason. */
const startError = (message = 'nobody says why'): string =>
  /exec: ".*$/s.exec(message)?.[0] ?? message.replace(/^.*OCI runtime create failed: /s, '');

const whoOf = (reason: Cause['reason']): string =>
  reason === 'OOMKilled'
    ? 'whoever wrote the program, or its memory limit'
    : reason === 'ContainerCreate'
      ? 'whoever wrote the command in the manifest, or made the image'
      : reason === 'Liveness' || reason === 'Startup'
        ? 'whoever wrote the program, or its probe'
        : 'whoever wrote the program, or its configuration';

/** The kubelet kills a container whose probe fails: the end is its doing, not the program's. */
function killedBy(
  { name }: Container,
  { events }: PodFacts,
): (Sign & { readonly events: PodFacts['events'] }) | undefined {
  const killings = events.filter((event) => event.reason === 'Killing' && event.message.includes(name));
  const sign = signOf('event', 'Killing', killings.at(-1)?.message);
  if (sign === undefined) return undefined;
  return {
    ...sign,
    events: [...killings, ...events.filter((event) => event.reason === 'Unhealthy' && event.container === name)],
  };
}

function nextOf(reason: Cause['reason'], { name, init }: Container, facts: PodFacts): NextStep[] {
  const previous = facts.pod.phase === 'Failed' ? '' : ' --previous';
  const logs: NextStep = {
    command: `kubectl logs ${facts.pod.name}${inNamespace(facts)} -c ${name}${previous}`,
    when: 'for all that it wrote',
  };
  if (reason === 'ContainerCreate') return [describe(facts)];
  if (reason === 'OOMKilled' && !init) {
    const owner = facts.owners.at(-1);
    const target = owner === undefined ? `pod/${facts.pod.name}` : `${owner.kind.toLowerCase()}/${owner.name}`;
    return [
      {
        command: `kubectl set resources ${target} -c ${name} --limits=memory=SIZE${inNamespace(facts)}`,
        when: 'if the limit is too low',
      },
      logs,
    ];
  }
  return [logs, describe(facts)];
}

/** `back-off 40s restarting failed container=…` (k8s.io/kubernetes pkg/kubelet/kuberuntime/kuberuntime_manager.go). */
function retryOf({ state }: Container, { finishedAt }: TerminatedState): Pick<Cause, 'retryAt'> {
  const [, minutes = '0', seconds] =
    (state?.kind === 'waiting' && /back-off (?:(\d+)m)?(\d+)s/.exec(state.message ?? '')) || [];
  if (seconds === undefined || finishedAt === undefined) return {};
  const wait = BigInt(Number(minutes) * 60 + Number(seconds)) * 1_000_000_000n;
  return { retryAt: epochNanos(finishedAt.at + wait) };
}
