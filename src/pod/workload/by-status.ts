import { verdictOf, type Cause, type Verdict } from '../verdict.ts';
import { explained } from './explain.ts';
import { SERVES, type WorkloadSnapshot } from './workload-snapshot.ts';
import { failedJobCause } from './failures.ts';
import { lastReady, unfinishedVerdict } from './unfinished.ts';
import { deadlineCause, suspendedCause } from './waits.ts';

/** Verdict from the state that a workload reports of itself. */
export function verdictByStatus(snapshot: WorkloadSnapshot): Verdict {
  const { now, untilStuck, read } = snapshot;
  const { workload, status } = read;
  const judged = (cause: Cause): Verdict => verdictOf(cause, now, untilStuck);
  switch (status.state) {
    case 'done':
      return done(snapshot);
    case 'suspended':
      return judged(suspendedCause(workload, status));
    case 'failed':
      return judged(workload.kind === 'Deployment' ? timedOut(snapshot) : failedJobCause(snapshot));
    case 'progressing':
      return unfinishedVerdict(snapshot);
    default:
      return status.state satisfies never;
  }
}

function done({ read: { workload, status, jobs }, pods }: WorkloadSnapshot): Verdict {
  const good = { reason: null, cause: null, notes: [] } as const;
  if (!SERVES.has(workload.kind)) {
    const hasRun = workload.kind === 'Job' || jobs.length > 0 || workload.status['lastSuccessfulTime'] !== undefined;
    const [state, stage] = hasRun ? (['succeeded', 'Running'] as const) : (['ready', 'Controller'] as const);
    return { ...good, state, stage, since: status.since };
  }
  if (status.counts.wanted === 0) return { ...good, state: 'succeeded', stage: 'Controller', since: status.since };
  return { ...good, state: 'ready', stage: 'Running', since: lastReady(pods) ?? status.since };
}

/** Without progress until its deadline: what a pod or a refusal says is the cause, and no longer waited for. */
function timedOut(snapshot: WorkloadSnapshot): Cause {
  const { workload, status } = snapshot.read;
  const late = deadlineCause(workload, status);
  const cause = explained(snapshot);
  if (cause === undefined) return late;
  const { planned: _, ...found } = cause;
  return { ...found, proven: true, evidence: [...late.evidence, ...cause.evidence] };
}
