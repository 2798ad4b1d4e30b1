import { instantOf, numberOf, textOf, type Instant } from '../fields.ts';
import type { Condition } from '../objects.ts';
import { countOf, trueCondition, type WorkloadObject } from './object.ts';
import { NO_COUNTS, pods, reported, type Reported, type WorkloadCounts } from './status.ts';

/** A Job by its conditions (pkg/controller/job/job_controller.go, syncJob); `kubectl rollout status` knows no Jobs. */
export function jobStatus(object: WorkloadObject): Reported {
  const counts = jobCounts(object);
  const complete = trueCondition(object, 'Complete');
  if (complete !== undefined) {
    const since = instantOf(object.status['completionTime']) ?? complete.changed ?? object.changedAt;
    const reason = complete.reason ?? null;
    const remarks = [...failedRemark(counts), ...expiry(object, since)];
    const policy = reason === 'SuccessPolicy' ? ', which satisfies its success policy' : '';
    return reported(object, 'done', `${progressWords(object, counts)}${policy}`, counts, { reason, since, remarks });
  }
  const failed = trueCondition(object, 'Failed');
  if (failed !== undefined) {
    const since = failed.changed ?? object.changedAt;
    const message = failureWords(object, failed);
    const reason = failed.reason ?? null;
    return reported(object, 'failed', message, counts, { reason, since, remarks: expiry(object, since) });
  }
  return unfinished(object, counts);
}

/** A Job that has neither Complete nor Failed. */
function unfinished(object: WorkloadObject, counts: WorkloadCounts): Reported {
  const words = progressWords(object, counts);
  // Both come before Complete and Failed: the Job waits for its last pods to end (KEP-3998, KEP-3329).
  const failing = trueCondition(object, 'FailureTarget');
  if (failing !== undefined) {
    const message = `${failureWords(object, failing)}; its last pods are ending`;
    return reported(object, 'progressing', message, counts, {
      reason: failing.reason ?? null,
      since: failing.changed ?? object.changedAt,
    });
  }
  const enough = trueCondition(object, 'SuccessCriteriaMet');
  if (enough !== undefined) {
    const since = enough.changed ?? object.changedAt;
    return reported(object, 'progressing', `${words}; its last pods are ending`, counts, {
      reason: enough.reason ?? null,
      since,
    });
  }
  const manager = managerOf(object);
  if (object.spec['suspend'] === true) {
    const since = trueCondition(object, 'Suspended')?.changed ?? object.changedAt;
    const by = manager === undefined ? '' : `; ${manager} runs it`;
    return reported(object, 'suspended', `it is suspended${by}`, counts, { reason: 'JobSuspended', since });
  }
  if (parallelismOf(object) === 0) {
    const message = 'its parallelism is 0, which pauses it';
    return reported(object, 'suspended', message, counts, { reason: 'JobSuspended' });
  }
  const resumed = object.conditions.get('Suspended')?.changed;
  const since = resumed ?? instantOf(object.status['startTime']) ?? object.changedAt;
  return reported(object, 'progressing', words, counts, {
    since,
    remarks: [...failedRemark(counts, object), ...deadline(object)],
  });
}

/** Another controller than Kubernetes' own runs the Job (KEP-4368); undefined for the built-in one. */
export function managerOf({ spec }: WorkloadObject): string | undefined {
  const manager = textOf(spec['managedBy']);
  return manager === 'kubernetes.io/job-controller' ? undefined : manager;
}

const parallelismOf = ({ spec }: WorkloadObject): number => numberOf(spec['parallelism']) ?? 1;

/** Without both, a Job has one completion; without `completions` alone it ends with the first pod that succeeds. */
function completionsOf({ spec }: WorkloadObject): number | undefined {
  const completions = numberOf(spec['completions']);
  return completions === undefined && spec['parallelism'] === undefined ? 1 : completions;
}

function jobCounts(object: WorkloadObject): WorkloadCounts {
  const succeeded = countOf(object, 'succeeded');
  const completions = completionsOf(object);
  const parallelism = parallelismOf(object);
  const active = countOf(object, 'active');
  // manageJob: no more pods than completions are left; of a work queue none is added after the first success.
  const left = completions === undefined ? (succeeded > 0 ? active : parallelism) : completions - succeeded;
  const wanted = Math.max(0, Math.min(parallelism, left));
  return {
    ...NO_COUNTS,
    wanted,
    current: active,
    ready: countOf(object, 'ready'),
    succeeded,
    failed: countOf(object, 'failed'),
  };
}

/** `2 of 5 complete`; a work queue has no number of completions. */
function progressWords(object: WorkloadObject, { succeeded }: WorkloadCounts): string {
  const completions = completionsOf(object);
  const what = object.spec['completionMode'] === 'Indexed' ? ' indexes' : '';
  return completions === undefined
    ? `${pods(succeeded ?? 0)} succeeded`
    : `${succeeded} of ${completions}${what} complete`;
}

function failureWords(object: WorkloadObject, { reason, message }: Condition): string {
  const { spec, status } = object;
  switch (reason) {
    case 'BackoffLimitExceeded':
      return `more pods failed than its backoffLimit of ${numberOf(spec['backoffLimit']) ?? 6} allows`;
    case 'DeadlineExceeded':
      return `it ran longer than its activeDeadlineSeconds of ${numberOf(spec['activeDeadlineSeconds']) ?? '?'} s`;
    case 'FailedIndexes':
      return `indexes ${textOf(status['failedIndexes']) ?? '?'} failed`;
    case 'MaxFailedIndexesExceeded':
      return `indexes ${textOf(status['failedIndexes']) ?? '?'} failed, more than its maxFailedIndexes of ${numberOf(spec['maxFailedIndexes']) ?? '?'}`;
    case 'PodFailurePolicy':
      return `its pod failure policy ended it: ${message ?? 'no message'}`;
    default:
      return message ?? reason ?? 'no reason given';
  }
}

function failedRemark({ failed }: WorkloadCounts, object?: WorkloadObject): string[] {
  if (failed === null || failed === 0) return [];
  const limit = object === undefined ? undefined : numberOf(object.spec['backoffLimit']);
  return [`${pods(failed)} failed${limit === undefined ? ' before' : `; its backoffLimit is ${limit}`}`];
}

function deadline({ spec, status }: WorkloadObject): string[] {
  const seconds = numberOf(spec['activeDeadlineSeconds']);
  const start = instantOf(status['startTime']);
  return seconds === undefined || start === undefined
    ? []
    : [`it fails at ${timeAfter(start, seconds)} if it is not complete by then`];
}

/** The TTL controller removes a Job that has finished (pkg/controller/ttlafterfinished). */
function expiry({ spec }: WorkloadObject, finished: Instant): string[] {
  const seconds = numberOf(spec['ttlSecondsAfterFinished']);
  return seconds === undefined ? [] : [`ttlSecondsAfterFinished: it is deleted at ${timeAfter(finished, seconds)}`];
}

/** `2026-11-29 09:00:00Z` */
const timeAfter = ({ at }: Instant, seconds: number): string =>
  new Date(Number(at / 1_000_000n) + seconds * 1000)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
