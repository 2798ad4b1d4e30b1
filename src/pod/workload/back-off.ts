import { epochNanos, type EpochNanos } from '../../trace/time.ts';
import type { APIEvent } from '../events.ts';
import { instantOf, listOf, numberOf, objectOf, type APIObject, type Instant } from '../fields.ts';
import type { Cause } from '../verdict.ts';
import type { WorkloadObject } from './object.ts';
import type { WorkloadPod } from './pod-role.ts';
import { describeWorkload, newest } from './waits.ts';

const SECOND = 1_000_000_000n;

/** The pause after the first failure of a pod of a Job. */
const FIRST_PAUSE = 10n * SECOND;
const MAX_PAUSE = 600n * SECOND;

/**
 * A Job whose last pods have failed, and whose controller waits before it makes the next one: 10 s after the first
 * failure, twice as long after each further one, at most 10 minutes (pkg/controller/job/backoff_utils.go). Undefined when
 * that time is over.
 */
export function backOffCause(
  workload: WorkloadObject,
  finished: readonly WorkloadPod[],
  events: readonly APIEvent[],
  now: EpochNanos,
): Cause | undefined {
  const failures = finished.filter(({ object }) => objectOf(object['status'])['phase'] === 'Failed');
  const count = Math.max(failures.length, numberOf(workload.status['failed']) ?? 0);
  const ends = failures.map(({ object }) => endOf(object)).toSorted((one, other) => Number(one.at - other.at));
  const last = ends.at(-1) ?? events.at(-1)?.last;
  if (count === 0 || last === undefined) return undefined;
  let pause = FIRST_PAUSE;
  for (let failure = 1; failure < count && pause < MAX_PAUSE; failure++) pause *= 2n;
  if (pause > MAX_PAUSE) pause = MAX_PAUSE;
  const retryAt = epochNanos(last.at + BigInt(last.uncertainty) + pause);
  if (now > retryAt) return undefined;
  const latest = failures.toSorted((one, other) => Number(endOf(other.object).at - endOf(one.object).at))[0]?.lifecycle;
  const cause = latest?.verdict.cause ?? undefined;
  const limit = numberOf(workload.spec['backoffLimit']) ?? 6;
  const failed =
    latest === undefined
      ? 'its last pod failed'
      : `pod ${latest.name} failed${cause === undefined ? '' : ` (${cause.message})`}`;
  return {
    reason: 'JobBackOff',
    stage: 'Controller',
    proven: true,
    planned: true,
    final: false,
    since: last,
    message: `${failed}, failure ${count} with a backoffLimit of ${limit}; the Job controller creates the next pod after a pause`,
    waitingFor: { kind: 'controller', name: 'Job' },
    owner: 'author',
    who: cause?.who ?? 'the author of the program, if it keeps failing',
    evidence: cause?.evidence ?? [],
    next: [...(cause?.next ?? []), describeWorkload(workload)],
    retryAt,
    ...(cause?.log !== undefined && { log: cause.log }),
  };
}

/** When the containers of a pod ended, else when it was no longer ready, else its creation. */
export function endOf(pod: APIObject): Instant {
  const status = objectOf(pod['status']);
  const ends = ['initContainerStatuses', 'containerStatuses']
    .flatMap((field) => listOf(status[field]))
    .flatMap((container) => instantOf(objectOf(objectOf(container['state'])['terminated'])['finishedAt']) ?? []);
  const ready = listOf(status['conditions']).find(({ type }) => type === 'Ready');
  const created = instantOf(objectOf(pod['metadata'])['creationTimestamp']) as Instant;
  return newest([...ends]) ?? instantOf(ready?.['lastTransitionTime']) ?? created;
}
