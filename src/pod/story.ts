import type { EpochNanos, Nanos } from '../trace/time.ts';
import { nanos } from '../trace/time.ts';
import type { Trace } from '../trace/trace.ts';
import { stageTimes, type StageTime } from './budget.ts';
import type { PodFacts } from './facts.ts';
import { judge } from './judge.ts';
import { podSyncs } from './kubelet-spans.ts';
import { progressOf } from './progress.ts';
import { placeRequest, type CreatingRequest } from './creating-request.ts';
import { changes, timeline } from './timeline.ts';
import type { Verdict } from './verdict.ts';

/** Everything that there is to tell of one pod. */
export interface PodStory {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string | null;
  readonly verdict: Verdict;
  /** They add up to the time from `startedAt` to `end`. */
  readonly stages: readonly StageTime[];
  readonly startedAt: EpochNanos;
  readonly end: EpochNanos;
  readonly trace: Trace;
  /** Events of earlier pods of the same name, which are not in it. */
  readonly earlierEvents: number;
  /** Looks of the kubelet that changed nothing, which are not in it. */
  readonly quietSyncs: number;
  /** The kubelet's spans are in it. */
  readonly traced: boolean;
}

/** A pod's story, from all that is known of it. Pure. */
export function podStory(facts: PodFacts, request?: CreatingRequest): PodStory {
  const { pod } = facts;
  const all = podSyncs(facts.spans, pod.uid);
  const changing = all.filter(changes);
  const placed = placeRequest(request, pod);
  const progress = progressOf(facts, changing, placed);
  const verdict = judge(facts, progress, changing);
  const startedAt = placed?.start ?? progress.created.at.at;
  const end = endOf(facts, verdict, startedAt);
  const syncs = changing.filter((sync) => sync.root.start <= end);
  return {
    namespace: pod.namespace,
    name: pod.name,
    uid: pod.uid,
    node: pod.node ?? null,
    verdict,
    stages: stageTimes(progress, syncs, verdict, end, placed),
    startedAt,
    end,
    trace: timeline({ facts, progress, syncs, verdict, end, asked: placed?.end }, placed),
    earlierEvents: facts.earlierEvents,
    quietSyncs: all.length - changing.length,
    traced: syncs.length > 0,
  };
}

/** A life that has come to its aim ends there; of a time in whole seconds all of the second belongs to it. */
function endOf({ now }: PodFacts, { state, since }: Verdict, startedAt: EpochNanos): EpochNanos {
  const over = state === 'ready' || state === 'succeeded';
  const end = over && since !== null ? since.at : now;
  return end > startedAt ? end : startedAt;
}

/** From its creation to the end of the picture. */
export const lifetime = ({ startedAt, end }: PodStory): Nanos => nanos(Number(end - startedAt));
