import { between, nanosFromMillis, type EpochNanos } from '../../trace/time.ts';
import type { Container } from '../containers.ts';
import type { APIEvent } from '../events.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import { clockTime, shortDuration } from '../lanes/words.ts';
import { runtimeLog } from '../node-commands.ts';
import type { Cause } from '../verdict.ts';
import { describe, eventEvidence, stateEvidence } from './evidence.ts';

/** Why a pull takes minutes is worth a look at the runtime. */
const LONG = nanosFromMillis(300_000);
/** A try that fails does so within this: names, connections and TLS have timeouts of 30 s and less. */
const RETRY = nanosFromMillis(120_000);

/** An image pull that has begun, and has neither ended nor failed: progress, however long it lasts. */
export function pullingCause(snapshot: PodSnapshot): Cause | undefined {
  for (const container of snapshot.pod.containers) {
    const { state } = container;
    const began = pullSince(container, snapshot);
    if (began === undefined) continue;
    const first = state === undefined || (state.kind === 'waiting' && !isFailedPull(state.reason));
    if (first || isPulledAgain(container, snapshot)) return pulling(container, began, snapshot);
  }
  return undefined;
}

/** A pull that failed is tried again, and the new try has lasted longer than failures take. */
export function isPulledAgain(container: Container, snapshot: PodSnapshot): boolean {
  const began = pullSince(container, snapshot);
  return began !== undefined && between(began.last.at, snapshot.now) >= RETRY;
}

const isFailedPull = (reason: string | undefined): boolean =>
  reason === 'ErrImagePull' || reason === 'ImagePullBackOff' || reason === 'CrashLoopBackOff';

const ENDS = ['Pulled', 'Failed', 'BackOff', 'InspectFailed', 'ErrImageNeverPull', 'Created', 'Started'];

/** The newest event of a pull that no later event ends; times have whole seconds, so that the same one counts as later. */
function pullSince({ name, state }: Container, { events }: PodSnapshot): APIEvent | undefined {
  if (state !== undefined && state.kind !== 'waiting') return undefined;
  const own = events.filter(({ container }) => container === name);
  const newest = latest(own.filter(({ reason }) => reason === 'Pulling'));
  if (newest === undefined) return undefined;
  return own.some(({ reason, last }) => ENDS.includes(reason) && last.at >= newest.last.at) ? undefined : newest;
}

const latest = (events: readonly APIEvent[]): APIEvent | undefined =>
  events.toSorted((one, other) => Number(one.last.at - other.last.at)).at(-1);

function pulling(container: Container, event: APIEvent, snapshot: PodSnapshot): Cause {
  const { image, state } = container;
  const node = snapshot.pod.node ?? '?';
  const lasting = between(event.last.at, snapshot.now);
  const long = lasting >= LONG;
  return {
    reason: 'ImagePull',
    stage: 'ImagePull',
    proven: false,
    planned: true,
    final: false,
    since: event.last,
    message: `node ${node} has been pulling image ${image} ${words(event.last.at, snapshot.now)}, without an error`,
    waitingFor: { kind: 'image', name: image },
    owner: 'registry',
    who: long
      ? `the registry, or the network and disk of node ${node}; a kubelet that pulls one image at a time may be busy with another one`
      : `the registry, and the network of node ${node}`,
    evidence: [...eventEvidence([event]), ...(state === undefined ? [] : [stateEvidence(container, state)])],
    next: [describe(snapshot), ...(long ? [runtimeLog(snapshot)] : [])],
  };
}

const words = (from: EpochNanos, to: EpochNanos): string =>
  `for ${shortDuration(Math.max(0, between(from, to)))} (since ${clockTime(from)})`;
