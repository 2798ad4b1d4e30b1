import { listOf, objectOf } from '../fields.ts';
import { STATES, verdictOf, type Verdict } from '../verdict.ts';
import { verdictByStatus } from './by-status.ts';
import { refused } from './explain.ts';
import type { WorkloadSnapshot } from './workload-snapshot.ts';
import { unreadableSchedule } from './failures.ts';
import { jobStatus } from './job.ts';
import { controllerCause } from './waits.ts';

/** A CronJob that cannot start a run, or the run that counts. */
export function cronJobVerdict(snapshot: WorkloadSnapshot): Verdict {
  const { now, untilStuck, read } = snapshot;
  const { state } = read.status;
  const fault = state === 'suspended' ? undefined : (unreadableSchedule(snapshot) ?? refused(snapshot));
  if (fault !== undefined) return verdictOf(fault, now, untilStuck);
  return state === 'done' || state === 'suspended' ? verdictByStatus(snapshot) : worstRun(snapshot);
}

/** The Jobs of a CronJob that count, each judged with its own pods; the worst verdict is the CronJob's. */
function worstRun(snapshot: WorkloadSnapshot): Verdict {
  const { now, untilStuck, read } = snapshot;
  const verdicts = read.jobs.map((job) => {
    const pods = snapshot.pods.filter(({ object }) =>
      listOf(objectOf(object['metadata'])['ownerReferences']).some(({ uid }) => uid === job.uid),
    );
    const { namespace, name, generation = null, observedGeneration = null } = job;
    const status = { kind: 'Job', namespace, name, generation, observedGeneration, ...jobStatus(job) };
    const events = snapshot.events.filter(({ about }) => about.uid === job.uid);
    return verdictByStatus({ ...snapshot, pods, events, read: { ...read, workload: job, status, jobs: [] } });
  });
  const [worst] = verdicts.toSorted((one, other) => STATES.indexOf(other.state) - STATES.indexOf(one.state));
  return worst ?? verdictOf(controllerCause(read.workload, read.status, read.status.since), now, untilStuck);
}
