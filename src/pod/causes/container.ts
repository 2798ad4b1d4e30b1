import type { PodFacts } from '../facts.ts';
import type { Instant } from '../fields.ts';
import type { Container, ContainerState } from '../containers.ts';
import type { Progress } from '../progress.ts';
import { signOf, type Sign } from '../reason.ts';
import type { Stage } from '../stage.ts';
import type { Cause } from '../verdict.ts';
import { missingObject } from './before-containers.ts';
import { crashCause } from './crash.ts';
import { describe, eventEvidence, shortened, stateEvidence } from './evidence.ts';
import { imageCause } from './image.ts';
import { relapseOf } from './relapse.ts';

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
  if (state?.kind === 'running') return relapseOf(container, facts);
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
