import { formatDuration } from '../../analysis/wording/duration.ts';
import { shortDuration } from '../../pod/lanes/words.ts';
import { lifetime, type PodLifecycle } from '../../pod/lifecycle.ts';
import { STAGES, STAGE_WORDS, type Stage } from '../../pod/stage.ts';
import { between, type EpochNanos } from '../../trace/time.ts';
import type { Verdict } from '../../pod/verdict.ts';

/** `STUCK at ImagePull for 1m05s`; a pod that ran before it became ready is ready again. */
export function stateWords(verdict: Verdict, lifecycle: PodLifecycle | undefined, now: EpochNanos): string {
  const { state, stage, since } = verdict;
  const end = lifecycle?.end ?? now;
  const life = lifecycle === undefined ? 0 : lifetime(lifecycle);
  const lasting = since === null ? '' : ` for ${roughly(Math.max(0, between(since.at, end)))}`;
  switch (state) {
    case 'ready':
      if (since !== null && lifecycle?.stages.some((time) => time.stage === 'Running') === true) {
        return `READY again for ${roughly(Math.max(0, between(since.at, now)))}`;
      }
      return `READY after ${roughly(life)}`;
    case 'succeeded':
      return `SUCCEEDED after ${roughly(life)}`;
    case 'failed':
      return `FAILED at ${stage}`;
    case 'stuck':
      return `STUCK at ${stage}${lasting}`;
    case 'progressing':
      return `PROGRESSING at ${stage}${lasting}`;
    default:
      return state satisfies never;
  }
}

/** Times in whole seconds are not printed with hundredths. */
const roughly = (nanos: number): string => (nanos >= 1e9 ? shortDuration(nanos) : formatDuration(nanos));

/** How far it has come after all: `not Ready after 1m06s`. One that is to go is not to become Ready any more. */
export function outcomeWords(lifecycle: PodLifecycle): string | undefined {
  const { state, stage } = lifecycle.verdict;
  if (state === 'ready' || state === 'succeeded') return undefined;
  const life = roughly(lifetime(lifecycle));
  return stage === 'Termination' ? `${life} after its creation` : `not Ready after ${life}`;
}

interface StageSum {
  readonly stage: Stage;
  nanos: number;
  uncertainty: number;
  open: boolean;
}

/** The time of each stage that took any, in the order of the lifecycle. They add up to the total. */
export function stageSums({ stages }: Pick<PodLifecycle, 'stages'>): readonly StageSum[] {
  const sums = new Map<Stage, StageSum>();
  for (const { stage, from, to, open, uncertainty } of stages) {
    const sum = sums.get(stage);
    if (sum === undefined) sums.set(stage, { stage, nanos: to - from, uncertainty, open });
    else {
      sum.nanos += to - from;
      sum.uncertainty = Math.max(sum.uncertainty, uncertainty);
      sum.open ||= open;
    }
  }
  return STAGES.flatMap((stage) => sums.get(stage) ?? []);
}

/** `scheduling 443 ms ± 1 s · sandbox 170 ms · image pull 1m05s, open` */
export function stageWords(lifecycle: Pick<PodLifecycle, 'stages'>): string {
  return stageSums(lifecycle)
    .map(({ stage, nanos, uncertainty, open }) => {
      const off = uncertainty >= 1e6 && nanos < 60e9 ? ` ± ${shortDuration(uncertainty)}` : '';
      return `${STAGE_WORDS[stage]} ${roughly(nanos)}${off}${open ? ', open' : ''}`;
    })
    .join(' · ');
}

/** `image registry.test/absent:1` */
export const waitingWords = ({ cause }: Verdict): string | undefined =>
  cause === null ? undefined : `${cause.waitingFor.kind} ${cause.waitingFor.name}`.trim();
