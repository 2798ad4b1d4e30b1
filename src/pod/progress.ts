import type { APIEvent } from './events.ts';
import type { Instant } from './fields.ts';
import { conditionMoment, earliest, exactly, latest, moment, notBefore, type Moment } from './moment.ts';
import type { PodSnapshot } from './pod-snapshot.ts';
import type { PlacedRequest } from './creating-request.ts';
import { firstSuccess, type PodSync } from './kubelet-spans.ts';
import type { Container } from './containers.ts';
import { neverStarted } from './never-started.ts';
import type { PodObject } from './objects.ts';
import type { EpochNanos } from '../trace/time.ts';

/**
 * Progress of a pod, each step in the order in which it follows from the one before; undefined where it has not
 * happened or has no source. The times come from three clocks (API server, scheduler, node), most in whole seconds: a
 * step that seems to come before its cause is taken to come right after it.
 */
export interface Progress {
  readonly created: Moment;
  readonly scheduled: Moment | undefined;
  /** The sandbox and its network are there. */
  readonly sandbox: Moment | undefined;
  readonly initialized: Moment | undefined;
  /** Every container has been started once. */
  readonly started: Moment | undefined;
  /** Every startup probe has succeeded. */
  readonly startedUp: Moment | undefined;
  /** When a pod that had been started stopped being ready: a container ended, or a probe failed. */
  readonly unready: Moment | undefined;
  readonly ready: Moment | undefined;
  /** Every container has ended for good. */
  readonly ended: Moment | undefined;
  readonly deletion: Moment | undefined;
}

export function progressOf(
  snapshot: Pick<PodSnapshot, 'pod' | 'events'>,
  syncs: readonly PodSync[],
  request?: Pick<PlacedRequest, 'start' | 'end'>,
): Progress {
  const { pod, events } = snapshot;
  const created = createdMoment(pod, request, [syncs[0]?.root.start, scheduledEvent(events)?.first.at]);
  let cause = created;
  const next = (...candidates: readonly (Moment | undefined)[]): Moment | undefined => {
    const found = candidates.find((candidate) => candidate !== undefined);
    if (found === undefined) return undefined;
    cause = notBefore(found, cause);
    return cause;
  };
  const scheduled = next(scheduledBy(pod, events, syncs));
  const sandbox = next(sandboxMoment(pod, syncs));
  const initialized = pod.containers.some(({ init }) => init) ? next(conditionMoment(pod, 'Initialized')) : sandbox;
  const started = next(startedMoment(pod, events, syncs));
  const startedUp = pod.containers.some(({ init, probes }) => !init && probes.startup)
    ? next(startedUpMoment(pod))
    : started;
  const unready = startedUp === undefined ? undefined : unreadyMoment(pod, startedUp);
  if (unready !== undefined) cause = unready;
  const ready = next(conditionMoment(pod, 'Ready'));
  const ended = next(endedMoment(pod));
  return {
    created,
    scheduled,
    sandbox,
    initialized,
    started,
    startedUp,
    unready,
    ready,
    ended,
    deletion: moment(pod.deletion?.requestedAt, 'object'),
  };
}

/** For a known request, the pod exists at its end, which is more exact than the object's creation time. */
function createdMoment(
  pod: PodObject,
  request: Pick<PlacedRequest, 'start' | 'end'> | undefined,
  seen: readonly (EpochNanos | undefined)[],
): Moment {
  const created: Moment = { at: pod.createdAt, source: 'object' };
  if (request === undefined) return created;
  // A watcher may have seen the object before the response was sent.
  const first = seen.reduce(
    (one, other) => (other !== undefined && one !== undefined && other < one ? other : one),
    request.end,
  );
  const requested: Moment = {
    at: exactly(first !== undefined && first > request.start ? first : request.end),
    source: 'span',
  };
  return pod.owners.length === 0 ? requested : notBefore(created, requested);
}

const scheduledEvent = (events: readonly APIEvent[]): APIEvent | undefined =>
  events.find(({ reason }) => reason === 'Scheduled');

function scheduledBy(pod: PodObject, events: readonly APIEvent[], syncs: readonly PodSync[]): Moment | undefined {
  if (pod.node === undefined) return undefined;
  // The scheduler's event has microseconds, the condition only seconds.
  const event = scheduledEvent(events);
  const [sync] = syncs;
  // It is written after the binding, which the kubelet may have seen by then.
  if (sync !== undefined && event !== undefined && sync.root.start < event.first.at) {
    return moment(exactly(sync.root.start), 'span');
  }
  return (
    moment(event?.first, 'event') ??
    conditionMoment(pod, 'PodScheduled') ??
    moment(pod.acknowledgedAt, 'object') ?? {
      at: pod.createdAt,
      source: 'object',
    }
  );
}

function sandboxMoment(pod: PodObject, syncs: readonly PodSync[]): Moment | undefined {
  const call = firstSuccess(syncs, 'RunPodSandbox');
  if (call !== undefined) return moment(exactly(call.span.end), 'span');
  // The condition is there since 1.29 (KEP-3085); a container that was started proves it too.
  return conditionMoment(pod, 'PodReadyToStartContainers') ?? earliest(pod.containers.map(firstStart));
}

/** The first start that the object still reports: for a restarted container, the last run but one. */
function firstStart(container: Container): Moment | undefined {
  if (neverStarted(container)) return undefined;
  const { state, last } = container;
  const at = last?.startedAt ?? (state?.kind === 'waiting' ? undefined : state?.startedAt);
  return moment(at, 'object');
}

function startedMoment(pod: PodObject, events: readonly APIEvent[], syncs: readonly PodSync[]): Moment | undefined {
  // Containers are started one after the other, so that as many starts as there are containers are all of them.
  const calls = syncs
    .flatMap((sync) => sync.calls)
    .filter(({ method, failed }) => method === 'StartContainer' && !failed);
  const last = calls[pod.containers.length - 1];
  const unstarted = pod.containers.some(
    ({ init, state, last: before }) => !init && state?.kind === 'waiting' && before === undefined,
  );
  if (last !== undefined && !unstarted) return moment(exactly(last.span.end), 'span');
  const main = pod.containers.filter(({ init }) => !init);
  const before = sandboxMoment(pod, syncs);
  const starts = main.map((container) => {
    // Only the events still have the first start of a restarted container.
    const event = events.find(({ reason, container: name }) => reason === 'Started' && name === container.name);
    // After two restarts no run of the status is the first one: that came soon after the sandbox.
    const started =
      container.restarts > 1 && event === undefined && before !== undefined && !neverStarted(container)
        ? before
        : firstStart(container);
    if (event === undefined || started === undefined) return started ?? moment(event?.first, 'event');
    return event.first.at < started.at.at ? moment(event.first, 'event') : started;
  });
  if (starts.length === 0 || starts.includes(undefined)) return undefined;
  return latest(starts);
}

/** No source says when a startup probe succeeded, only that it has. */
function startedUpMoment(pod: PodObject): Moment | undefined {
  const main = pod.containers.filter(({ init }) => !init);
  if (!main.every(({ started }) => started)) return undefined;
  return conditionMoment(pod, 'Ready') ?? conditionMoment(pod, 'ContainersReady') ?? latest(main.map(firstStart));
}

/**
 * Ready becomes False when the kubelet acknowledges a pod, so that a later change shows that it was True in between.
 * For a pod that is Ready again, the end of its container's last run gives the time.
 */
function unreadyMoment(pod: PodObject, startedUp: Moment): Moment | undefined {
  const ready = pod.conditions.get('Ready');
  const ends = pod.containers.map(({ last, init, sidecar }) => (init && !sidecar ? undefined : last?.finishedAt));
  const found =
    ready?.status === 'True'
      ? latest(
          ends.filter((end) => end !== undefined && isBefore(end, ready.changed)).map((end) => moment(end, 'object')),
        )
      : moment(ready?.changed, 'condition');
  // Within its step the change may be the first one.
  const begun = startedUp.at.at + BigInt(startedUp.at.uncertainty) + STEP;
  const deleted = pod.deletion?.requestedAt.at;
  if (found === undefined || found.at.at <= begun || (deleted !== undefined && found.at.at >= deleted))
    return undefined;
  return found;
}

const STEP = 1_000_000_000n;

const isBefore = (one: Instant, other: Instant | undefined): boolean => other !== undefined && one.at <= other.at;

function endedMoment(pod: PodObject): Moment | undefined {
  if (pod.phase !== 'Succeeded' && pod.phase !== 'Failed') return undefined;
  const ends = pod.containers.map(({ state }) =>
    moment(state?.kind === 'terminated' ? state.finishedAt : undefined, 'object'),
  );
  const ready = pod.conditions.get('Ready');
  return latest(ends) ?? moment(ready?.changed, 'condition');
}
