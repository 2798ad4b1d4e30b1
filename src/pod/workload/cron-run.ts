import { listOf, objectOf } from '../fields.ts';
import { STATES, verdictOf, type Verdict } from '../verdict.ts';
import type { WorkloadFacts } from './facts.ts';
import { jobStatus } from './job.ts';
import { withoutNotes } from './judge.ts';
import { controllerCause } from './waits.ts';

/** The Jobs of a CronJob that count, each judged with its own pods; the worst verdict is the CronJob's. */
export function worstRun(facts: WorkloadFacts): Verdict {
  const { now, untilStuck, read } = facts;
  const verdicts = read.jobs.map((job) => {
    const pods = facts.pods.filter(({ object }) =>
      listOf(objectOf(object['metadata'])['ownerReferences']).some(({ uid }) => uid === job.uid),
    );
    const { namespace, name, generation = null, observedGeneration = null } = job;
    const status = { kind: 'Job', namespace, name, generation, observedGeneration, ...jobStatus(job) };
    const events = facts.events.filter(({ about }) => about.uid === job.uid);
    return withoutNotes({ ...facts, pods, events, read: { ...read, workload: job, status, jobs: [] } });
  });
  const [worst] = verdicts.toSorted((one, other) => STATES.indexOf(other.state) - STATES.indexOf(one.state));
  return worst ?? verdictOf(controllerCause(read.workload, read.status, read.status.since), now, untilStuck);
}
