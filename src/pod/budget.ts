import { tableOf } from '../format/table-of.ts';
import { between, nanos, type EpochNanos, type Nanos } from '../trace/time.ts';
import type { PlacedRequest } from './creating-request.ts';
import type { PodSync } from './kubelet-spans.ts';
import type { Moment, MomentSource } from './moment.ts';
import type { Progress } from './progress.ts';
import { STAGES, type Stage } from './stage.ts';
import type { Verdict } from './verdict.ts';

/** A stretch of a pod's time that belongs to one stage. Offsets are from the beginning of its lifecycle. */
export interface StageTime {
  readonly stage: Stage;
  readonly from: Nanos;
  readonly to: Nanos;
  /** It goes on. */
  readonly open: boolean;
  /** Source of the end, or of the beginning while the step is open. */
  readonly source: MomentSource;
  /** By how much its borders may be off, both together. */
  readonly uncertainty: Nanos;
}

interface Stretch extends Omit<StageTime, 'open'> {}

/** Which stage the kubelet's calls belong to. */
const STAGE_OF_CALL: Readonly<Record<string, Stage>> = tableOf({
  RunPodSandbox: 'Sandbox',
  PullImage: 'ImagePull',
  CreateContainer: 'ContainerCreate',
  StartContainer: 'ContainerStart',
});

/**
 * Where a pod's time went, from its creation, or from the request that made it, to `end`: every instant belongs to exactly one stage, so that the stages add
 * up to the whole, whatever the three clocks say.
 *
 *     steps     |--Scheduling--|----Sandbox----|-------ContainerCreate-------|--Readiness--
 *     spans                        |RunPodS.|     |PullImage|  |Create|Start|
 *     verdict                                                              |--- its stage, while it is not ready
 *
 * Steps (conditions, events, times of the object) cover everything; a span within them is more exact and counts before
 * them; from `verdict.since` on everything is the verdict's stage.
 */
export function stageTimes(
  progress: Progress,
  syncs: readonly PodSync[],
  verdict: Pick<Verdict, 'state' | 'stage' | 'since'>,
  end: EpochNanos,
  request?: Pick<PlacedRequest, 'start' | 'end'>,
): readonly StageTime[] {
  const start = request?.start ?? progress.created.at.at;
  const length = Math.max(0, between(start, end));
  const clamp = (instant: EpochNanos): number => Math.min(length, Math.max(0, between(start, instant)));
  const open = verdict.state === 'stuck' || verdict.state === 'progressing';
  // A pod that its node rejected got no further, though nothing of it goes on.
  const held = open || verdict.stage === 'Admission';
  const openFrom = held && verdict.since !== null ? clamp(verdict.since.at) : length;
  const layers = [steps(progress, verdict, syncs, clamp, length, request), calls(syncs, clamp)];
  const covered = cover(layers, openFrom);
  const last: Stretch[] =
    openFrom < length || (held && verdict.since !== null)
      ? [
          {
            stage: verdict.stage,
            from: nanos(openFrom),
            to: nanos(length),
            source: 'object',
            uncertainty: verdict.since?.uncertainty ?? nanos(0),
          },
        ]
      : [];
  const merged = merge([...covered, ...last]);
  return merged.map((stretch, index) => ({ ...stretch, open: open && index === merged.length - 1 }));
}

type Clamp = (instant: EpochNanos) => number;

/** Durations from one step to the next. A step without any source counts as part of the one before it. */
function steps(
  progress: Progress,
  verdict: Pick<Verdict, 'stage'>,
  syncs: readonly PodSync[],
  clamp: Clamp,
  length: number,
  request: Pick<PlacedRequest, 'start' | 'end'> | undefined,
): Stretch[] {
  const { created, scheduled, sandbox, initialized, started, startedUp, unready, ready, ended, deletion } = progress;
  const firstSandbox = syncs.flatMap((sync) => sync.calls).find(({ method }) => method === 'RunPodSandbox');
  // Time before the runtime's first call is the kubelet's own: it waits for volumes.
  const volumes: Moment | undefined =
    firstSandbox === undefined
      ? undefined
      : { at: { at: firstSandbox.span.start, uncertainty: nanos(0) }, source: 'span' };
  const ends: readonly (readonly [Stage, Moment | undefined])[] = [
    ['Request', request && { at: { at: request.end, uncertainty: nanos(0) }, source: 'span' }],
    ['Controller', request && created],
    ['Scheduling', scheduled],
    ['Volumes', volumes],
    ['Sandbox', sandbox],
    ['InitContainers', initialized],
    ['ContainerCreate', started],
    ['Startup', startedUp],
    ['Running', unready],
    ['Readiness', ready],
    [lastStage(progress, verdict), later(ended, deletion)],
    ['Termination', undefined],
  ];
  const stretches: Stretch[] = [];
  let from = 0;
  let begin = request === undefined ? created : { ...created, at: { ...created.at, uncertainty: nanos(0) } };
  for (const [stage, moment] of ends) {
    if (moment === undefined) continue;
    const to = Math.max(from, clamp(moment.at.at));
    if (to > from) {
      const uncertainty = nanos(begin.at.uncertainty + moment.at.uncertainty);
      stretches.push({ stage, from: nanos(from), to: nanos(to), source: moment.source, uncertainty });
    }
    from = to;
    begin = moment;
  }
  if (from < length) {
    const stage = afterLast(ends, request === undefined ? 'Scheduling' : 'Request');
    stretches.push({
      stage,
      from: nanos(from),
      to: nanos(length),
      source: 'object',
      uncertainty: begin.at.uncertainty,
    });
  }
  return stretches;
}

/** The stage that ended with the pod: a container that was never started has not run. */
function lastStage({ scheduled, started, ended }: Progress, { stage }: Pick<Verdict, 'stage'>): Stage {
  if (ended === undefined && scheduled === undefined) return 'Scheduling';
  return started === undefined && STAGES.indexOf(stage) < STAGES.indexOf('Running') ? stage : 'Running';
}

/** A pod that has ended is in Termination only from its deletion on. */
const later = (ended: Moment | undefined, deletion: Moment | undefined): Moment | undefined =>
  ended === undefined || (deletion !== undefined && deletion.at.at > ended.at.at) ? deletion : ended;

function afterLast(ends: readonly (readonly [Stage, Moment | undefined])[], first: Stage): Stage {
  const last = ends.findLastIndex(([, moment]) => moment !== undefined);
  return last === -1 ? first : ends[Math.min(last + 1, ends.length - 1)]![0];
}

function calls(syncs: readonly PodSync[], clamp: Clamp): Stretch[] {
  return syncs.flatMap((sync) =>
    sync.calls.flatMap(({ method, span }): Stretch[] => {
      const stage = STAGE_OF_CALL[method];
      const [from, to] = [clamp(span.start), clamp(span.end)];
      if (stage === undefined || to <= from) return [];
      return [{ stage, from: nanos(from), to: nanos(to), source: 'span', uncertainty: nanos(0) }];
    }),
  );
}

/** Up to `end`, each instant by the last layer that has something there; of one layer the one that began last. Linear. */
function cover(layers: readonly (readonly Stretch[])[], end: number): Stretch[] {
  const [base = [], over = []] = layers;
  const result: Stretch[] = [];
  const above = over.toSorted((one, other) => one.from - other.from);
  let filledTo = 0;
  const push = (stretch: Stretch, to: number): void => {
    const upTo = Math.min(to, end);
    if (upTo <= filledTo) return;
    result.push({ ...stretch, from: nanos(filledTo), to: nanos(upTo) });
    filledTo = upTo;
  };
  let next = 0;
  for (const stretch of base) {
    for (; next < above.length && (above[next] as Stretch).from < stretch.to; next++) {
      const call = above[next] as Stretch;
      push(stretch, call.from);
      push(call, call.to);
    }
    push(stretch, stretch.to);
  }
  return result;
}

/** Neighbours of the same stage as one. */
function merge(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const stretch of stretches) {
    const last = merged.at(-1);
    if (last?.stage === stretch.stage) merged[merged.length - 1] = joined(last, stretch);
    else merged.push(stretch);
  }
  return merged;
}

const joined = (one: Stretch, other: Stretch): Stretch => ({
  ...one,
  to: other.to,
  source: one.source === other.source ? one.source : other.source,
  uncertainty: nanos(Math.max(one.uncertainty, other.uncertainty)),
});
