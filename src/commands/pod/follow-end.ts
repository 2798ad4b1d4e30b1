import { hasRollout } from '../../pod/workload/rollout.ts';
import { between, nanosFromMillis } from '../../trace/time.ts';
import type { Runtime } from '../../runtime.ts';
import type { LiveState } from './live-state.ts';
import type { Judged } from './reading.ts';
import type { FoundSubject } from './subject.ts';

/** Changes come in bursts: a picture is made of each burst. */
export const BURST_MILLIS = 100;
/** A server that does not respond is waited for no longer than this. */
export const LIST_TIMEOUT_MILLIS = 10_000;

/** Half a reading would blame a controller for pods that were not listed yet. */
export async function untilListed(live: LiveState, { clock, interrupted }: Runtime): Promise<void> {
  const startedAt = clock.now();
  while (
    !live.listed &&
    !interrupted.aborted &&
    between(startedAt, clock.now()) < nanosFromMillis(LIST_TIMEOUT_MILLIS)
  ) {
    await live.changed(BURST_MILLIS, interrupted);
  }
}

/** Undefined while it goes on. */
export function endOf(
  live: LiveState,
  { lifecycles, verdict, workload }: Judged,
  subject: FoundSubject,
  hadPods: boolean,
): 'done' | 'deleted' | undefined {
  if (!live.listed) return undefined;
  if (subject.pod === undefined) {
    if (live.workload.deleted) return 'deleted';
    // A rollout that is stuck may be put right: like `kubectl rollout status`, only its own status ends it.
    const state = hasRollout(live.workload.object) ? workload?.state : undefined;
    if (state === 'progressing' || state === 'suspended') return undefined;
    // As `kubectl wait --for=condition=Complete`: pods that run as they should have not ended yet.
    if (subject.kind === 'job' && verdict?.state === 'ready') return undefined;
    // Nothing follows while it is suspended.
    if (subject.kind === 'cronjob' && workload?.state === 'suspended') return 'done';
    return verdict !== null && verdict.state !== 'progressing' ? 'done' : undefined;
  }
  if (live.pods.size === 0) return hadPods ? 'deleted' : undefined;
  return lifecycles.every(({ verdict: { state } }) => state === 'progressing') ? undefined : 'done';
}
