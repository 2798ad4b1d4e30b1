import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Instant } from '../fields.ts';
import type { Container, ContainerState } from '../containers.ts';
import type { Progress } from '../progress.ts';
import { NEUTRAL_WAITING } from '../signs/object-signs.ts';
import { signOf } from '../signs/sign-of.ts';
import type { Sign } from '../signs/sign.ts';
import type { Stage } from '../stage.ts';
import type { Cause } from '../verdict.ts';
import { explain } from '../errors/known-error.ts';
import { RUNTIME_ERRORS } from '../errors/runtime-errors.ts';
import { START_ERRORS } from '../errors/start-errors.ts';
import { crashCause } from './crash.ts';
import { describe, eventEvidence, shortened, stateEvidence } from './evidence.ts';
import { hookWords } from './hooks.ts';
import { imageCause } from './image.ts';
import { missingObject } from './missing-object.ts';
import { contextOf } from './node-step.ts';
import { isPulledAgain } from './pulling.ts';
import { relapseOf } from './relapse.ts';
import { endedWithError } from './restart.ts';

/** The first container, in the order in which they are started, whose own trouble blocks it. */
export function containerCause(snapshot: PodSnapshot, progress: Progress): Cause | undefined {
  for (const container of snapshot.pod.containers) {
    const cause = causeOf(container, snapshot, progress);
    if (cause !== undefined) return cause;
  }
  return undefined;
}

function causeOf(container: Container, snapshot: PodSnapshot, progress: Progress): Cause | undefined {
  const { state } = container;
  if (state?.kind === 'terminated') {
    const over = state.exitCode !== 0 && !container.ready;
    return over ? endedWithError(container, state, snapshot) : undefined;
  }
  if (state?.kind === 'running') return relapseOf(container, snapshot);
  if (state?.kind !== 'waiting') return undefined;
  if (state.reason === 'CrashLoopBackOff' || state.reason === 'RunContainerError') {
    if (container.last !== undefined) return crashCause(container, container.last, snapshot);
  }
  const sign = signOf('waiting', state.reason, state.message) ?? unknownSign(state.reason);
  if (sign === undefined) return undefined;
  const before = container.init ? progress.sandbox : (progress.initialized ?? progress.sandbox);
  const reached = (before ?? progress.scheduled ?? progress.created).at;
  const since = later(reached, begun(container, sign.stage, snapshot));
  if (sign.stage === 'ImagePull' && isPulledAgain(container, snapshot)) return undefined;
  if (sign.stage === 'ImagePull') return imageCause(container, state, sign, since, snapshot);
  return creationCause(container, state, sign, since, snapshot);
}

/**
 * Event that the kubelet writes when a container comes to a stage. It may pull images one after the other: the time in
 * the queue counts.
 */
const BEGINNINGS: Partial<Record<Stage, string>> = { ImagePull: 'Pulling', ContainerCreate: 'Pulled' };

/** Earlier events do not count as trouble of the container. */
const begun = ({ name }: Container, stage: Stage, { events }: PodSnapshot): Instant | undefined =>
  events.find(({ reason, container }) => container === name && reason === BEGINNINGS[stage])?.first;

const later = (one: Instant, other: Instant | undefined): Instant =>
  other !== undefined && other.at > one.at ? other : one;

/** Errors that the kubelet passes on without a reason word. They are quoted. */
const unknownSign = (reason: string | undefined): Sign | undefined =>
  reason === undefined || (NEUTRAL_WAITING as readonly string[]).includes(reason)
    ? undefined
    : { reason: 'ContainerCreate', stage: 'ContainerCreate', source: 'waiting', says: [reason] };

function creationCause(
  container: Container,
  state: Extract<ContainerState, { kind: 'waiting' }>,
  { reason, stage }: Sign,
  since: Instant,
  snapshot: PodSnapshot,
): Cause {
  const message = state.message ?? state.reason ?? '';
  const failures = snapshot.events.filter((event) => event.reason === 'Failed' && event.container === container.name);
  const base = {
    reason,
    stage,
    // A word that this program does not know may mean a wait of another kind of node.
    proven: signOf('waiting', state.reason, state.message) !== undefined,
    final: false,
    since,
    evidence: [...eventEvidence(failures), stateEvidence(container, state)],
  } as const;
  if (reason === 'MissingConfigMap' || reason === 'MissingSecret') {
    return { ...base, ...missingObject(reason, message, snapshot) };
  }
  const known = explain([...START_ERRORS, ...RUNTIME_ERRORS], message, contextOf(snapshot, container));
  const hook = state.reason === 'PostStartHookError';
  return {
    ...base,
    message: shortened(
      `container ${container.name}: ${hook ? hookWords(message) : (known?.message ?? quoted(state.reason, message))}`,
    ),
    waitingFor: known?.waitingFor ?? { kind: 'container', name: container.name },
    owner: known?.owner ?? 'author',
    who: hook
      ? "the manifest's author (postStart hook), or the program's author"
      : (known?.who ?? `the manifest's author, or the runtime of node ${snapshot.pod.node ?? '?'}`),
    next: [...(known?.next ?? []), describe(snapshot)],
  };
}

const quoted = (reason: string | undefined, message: string): string =>
  reason === undefined || message.includes(reason) || signOf('waiting', reason, message) !== undefined
    ? message
    : `${reason}: ${message}`;
