import { instantOf, listOf, textOf } from '../fields.ts';
import { jobStatus } from './job.ts';
import type { WorkloadObject } from './object.ts';
import { NO_COUNTS, reported, type Reported } from './status.ts';

/** The Jobs of a CronJob that count: those that run, else the one that ran last. */
export function currentJobs(jobs: readonly WorkloadObject[]): readonly WorkloadObject[] {
  const running = jobs.filter((job) => !isOver(job));
  if (running.length > 0) return running;
  const [newest] = jobs.toSorted((one, other) => Number(other.createdAt.at - one.createdAt.at));
  return newest === undefined ? [] : [newest];
}

const isOver = (job: WorkloadObject): boolean => ['done', 'failed'].includes(jobStatus(job).state);

/**
 * A CronJob by its last run: it is done while the last run has succeeded and the next one is not due
 * (pkg/controller/cronjob/cronjob_controllerv2.go).
 */
export function cronJobStatus(object: WorkloadObject, jobs: readonly WorkloadObject[]): Reported {
  const { spec, status } = object;
  const active = listOf(status['active']).length;
  const counts = { ...NO_COUNTS, current: active };
  const schedule = `schedule ${textOf(spec['schedule']) ?? '?'}${textOf(spec['timeZone']) === undefined ? '' : `, ${textOf(spec['timeZone'])}`}`;
  const [current] = currentJobs(jobs);
  const run = current === undefined ? undefined : jobStatus(current);
  const running = run !== undefined && (run.state === 'progressing' || run.state === 'suspended');
  const last = instantOf(status['lastScheduleTime']);
  if (current !== undefined && run !== undefined && running) {
    return reported(object, 'progressing', `job/${current.name} runs: ${run.message}`, counts, {
      since: run.since,
      remarks: spec['suspend'] === true ? ['it is suspended: no further runs start'] : [],
    });
  }
  if (spec['suspend'] === true) {
    const message = `it is suspended (${schedule})`;
    return reported(object, 'suspended', message, counts, {
      reason: 'CronJobSuspended',
      remarks: lastWords(current, run),
    });
  }
  if (current !== undefined && run?.state === 'failed') {
    return reported(object, 'failed', `its last run, job/${current.name}, failed: ${run.message}`, counts, {
      reason: run.reason,
      since: run.since,
      remarks: [schedule],
    });
  }
  if (current !== undefined && run !== undefined) {
    const message = `its last run, job/${current.name}, has succeeded`;
    return reported(object, 'done', message, counts, { since: run.since, remarks: [schedule] });
  }
  const succeeded = instantOf(status['lastSuccessfulTime']);
  if (last !== undefined && succeeded !== undefined && succeeded.at >= last.at) {
    const message = 'its last run has succeeded, and its Job is gone';
    return reported(object, 'done', message, counts, { since: succeeded, remarks: [schedule] });
  }
  const message = last === undefined ? 'no run was due yet' : 'the Job of its last run is gone';
  return reported(object, 'done', message, counts, { since: last ?? object.createdAt, remarks: [schedule] });
}

function lastWords(job: WorkloadObject | undefined, run: Reported | undefined): string[] {
  if (job === undefined || run === undefined) return [];
  return [`its last run, job/${job.name}, ${run.state === 'failed' ? `failed: ${run.message}` : 'has succeeded'}`];
}
