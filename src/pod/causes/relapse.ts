import type { Container, TerminatedState } from '../containers.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Cause } from '../verdict.ts';
import { crashCause } from './crash.ts';
import { LONG_RUN, MIN_RESTARTS } from './restart.ts';

/** The first container that comes and goes, of a pod that is Ready just now. */
export function relapseCause(snapshot: PodSnapshot): Cause | undefined {
  for (const container of snapshot.pod.containers) {
    const cause = relapseOf(container, snapshot);
    if (cause !== undefined) return cause;
  }
  return undefined;
}

/** As long as a container has not run longer than the last time, it may be about to end again. */
export const relapseOf = (container: Container, snapshot: PodSnapshot): Cause | undefined =>
  container.last !== undefined && isRelapsing(container, container.last, snapshot)
    ? crashCause(container, container.last, snapshot)
    : undefined;

function isRelapsing({ state, restarts }: Container, last: TerminatedState, { now, untilStuck }: PodSnapshot): boolean {
  if (state?.kind !== 'running' || restarts < MIN_RESTARTS || (last.exitCode === 0 && last.reason === 'Completed')) {
    return false;
  }
  if (state.startedAt === undefined || last.startedAt === undefined || last.finishedAt === undefined) return false;
  const before = last.finishedAt.at - last.startedAt.at;
  return before < BigInt(LONG_RUN) && now - state.startedAt.at < before + BigInt(untilStuck);
}
