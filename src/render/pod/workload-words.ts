import { shortDuration } from '../../pod/lanes/words.ts';
import type { Verdict } from '../../pod/verdict.ts';
import { between, type EpochNanos } from '../../trace/time.ts';
import type { WorkloadReport } from '../../report/pod-report.ts';
import { waitWords } from './words.ts';

/** `READY`, `STUCK pulling the image for 1m05s`, `SUSPENDED for 10m00s`: the state of a workload. */
export function workloadState(verdict: Verdict, workload: WorkloadReport, now: EpochNanos): string {
  const { state, since } = verdict;
  if (state === 'progressing' && workload.state === 'suspended') {
    return since === null ? 'SUSPENDED' : `SUSPENDED for ${shortDuration(Math.max(0, between(since.at, now)))}`;
  }
  return state === 'stuck' || state === 'progressing' ? waitWords(verdict, now) : state.toUpperCase();
}

/** `2 of 2 available, revision 3`: how far a workload is by its own counts. */
export function workloadProgress(workload: WorkloadReport): string {
  const { kind, revision, counts } = workload;
  const parts = [progressOf(workload), ...(kind === 'Deployment' && revision !== null ? [`revision ${revision}`] : [])];
  const { wanted, updated } = counts;
  const isBehind = workload.state !== 'done' && updated !== null && updated < (counts.current ?? 0);
  if (isBehind) parts.push(`${updated} of ${wanted} updated`);
  return parts.join(', ');
}

function progressOf({ kind, counts, message, state }: WorkloadReport): string {
  const { wanted, current, ready, available, succeeded, failed } = counts;
  switch (kind) {
    case 'Job': {
      const failures = failed === null || failed === 0 ? '' : `, ${failed} failed`;
      const active = current === null || current === 0 ? '' : `, ${current} active`;
      // For a single completion the count says as much.
      const [, total] = /^\d+ of (\d+)(?: indexes)? complete/.exec(message) ?? [];
      const ofTotal = total === undefined || total === '1' ? '' : ` of ${total}`;
      return `${succeeded ?? 0}${ofTotal} succeeded${active}${failures}`;
    }
    case 'CronJob':
      return message;
    case 'StatefulSet':
      if (wanted === 0) return 'scaled to 0';
      return `${ready} of ${wanted} ready${(current ?? 0) < (wanted ?? 0) && state !== 'done' ? ` (${current} of ${wanted} created)` : ''}`;
    default:
      if (wanted === 0) return kind === 'DaemonSet' ? 'no node matches' : 'scaled to 0';
      return `${available} of ${wanted} available`;
  }
}
