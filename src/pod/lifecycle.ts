import type { EpochNanos } from '../trace/time.ts';
import type { Trace } from '../trace/trace.ts';
import type { Container } from './containers.ts';
import { stageTimes, type StageTime } from './budget.ts';
import type { PodSnapshot } from './pod-snapshot.ts';
import { judge } from './judge.ts';
import { podSyncs } from './kubelet-spans.ts';
import { progressOf, type Progress } from './progress.ts';
import { placeRequest, type CreatingRequest } from './creating-request.ts';
import { changes, timeline } from './timeline.ts';
import type { Verdict } from './verdict.ts';

/** Everything that is known of one pod, with the verdict. */
export interface PodLifecycle {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string | null;
  /** Init containers first. */
  readonly containers: readonly Pick<Container, 'name' | 'image'>[];
  readonly verdict: Verdict;
  /** They add up to the time from `startedAt` to `end`. */
  readonly stages: readonly StageTime[];
  readonly startedAt: EpochNanos;
  readonly end: EpochNanos;
  readonly trace: Trace;
  /** Events of earlier pods of the same name, which are not in it. */
  readonly earlierEvents: number;
  /** Kubelet syncs that changed nothing, which are not in it. */
  readonly quietSyncs: number;
  /** The kubelet's spans are in it. */
  readonly traced: boolean;
}

/** The verdict alone, by the API's objects: thousands of pods have no time for their timelines. */
export const podVerdict = (snapshot: PodSnapshot): Verdict => judge(snapshot, progressOf(snapshot, [], undefined), []);

/** A pod's lifecycle, from all that is known of it. Pure. */
export function podLifecycle(snapshot: PodSnapshot, request?: CreatingRequest): PodLifecycle {
  const { pod } = snapshot;
  const all = podSyncs(snapshot.spans, pod.uid);
  const changing = all.filter(changes);
  const placed = placeRequest(request, pod);
  const progress = progressOf(snapshot, changing, placed);
  const verdict = judge(snapshot, progress, changing);
  const startedAt = placed?.start ?? progress.created.at.at;
  const end = endOf(snapshot, verdict, progress, startedAt);
  const syncs = changing.filter((sync) => sync.root.start <= end);
  return {
    namespace: pod.namespace,
    name: pod.name,
    uid: pod.uid,
    node: pod.node ?? null,
    containers: pod.containers.map(({ name, image }) => ({ name, image })),
    verdict,
    stages: stageTimes(progress, syncs, verdict, end, placed),
    startedAt,
    end,
    trace: timeline({ snapshot, progress, syncs, verdict, end, requestEnd: placed?.end }, placed),
    earlierEvents: snapshot.earlierEvents,
    quietSyncs: all.length - changing.length,
    traced: syncs.length > 0,
  };
}

/** The lifecycle of a pod that is ready or has ended ends there; where that time is in seconds, with the whole second. */
function endOf(
  { now, pod }: PodSnapshot,
  { state, since }: Verdict,
  { ended }: Progress,
  startedAt: EpochNanos,
): EpochNanos {
  const isDone = state === 'ready' || state === 'succeeded';
  const isOver = state === 'failed' && pod.deletion === undefined;
  const end = (isDone ? since : isOver ? ended?.at : undefined)?.at ?? now;
  return end > startedAt ? end : startedAt;
}
