import { formatDuration } from '../../analysis/wording/duration.ts';
import { shortDuration } from '../../pod/lanes/words.ts';
import type { PodLifecycle } from '../../pod/lifecycle.ts';
import { lifetime } from '../../pod/moment.ts';
import type { Reason } from '../../pod/reason.ts';
import { STAGES, STAGE_WORDS, type Stage } from '../../pod/stage.ts';
import { between, type EpochNanos } from '../../trace/time.ts';
import type { Cause, State, Verdict } from '../../pod/verdict.ts';

/** `STUCK pulling the image for 1m05s`; a pod that ran before it became ready is ready again. */
export function stateWords(verdict: Verdict, lifecycle: PodLifecycle | undefined, now: EpochNanos): string {
  const { state, since } = verdict;
  const life = lifecycle === undefined ? 0 : lifetime(lifecycle);
  switch (state) {
    case 'ready':
      if (since !== null && lifecycle?.stages.some((time) => time.stage === 'Running') === true) {
        return `READY again for ${roughly(Math.max(0, between(since.at, now)))}`;
      }
      return `READY after ${roughly(life)}`;
    case 'succeeded':
      return `SUCCEEDED after ${roughly(life)}`;
    case 'failed':
      return lifecycle === undefined ? 'FAILED' : `FAILED after ${roughly(life)}`;
    case 'stuck':
    case 'progressing':
      return waitWords(verdict, lifecycle?.end ?? now);
    default:
      return state satisfies never;
  }
}

/** `CRASH LOOP for 41 s`, `STUCK pulling the image for 1m05s`, `PROGRESSING: pulling the image for 5 s`. */
export const waitWords = (verdict: Verdict, now: EpochNanos): string =>
  verdict.state === 'stuck'
    ? `${stuckWords(verdict)[0]}${lasting(verdict, now)}`
    : `PROGRESSING: ${STAGE_WAITS[verdict.stage]}${lasting(verdict, now)}`;

/** `has been stuck pulling the image for 1m05s`, `has failed`: the same within a sentence. */
export const stateSentence = (verdict: Verdict, now: EpochNanos): string =>
  verdict.state === 'failed' ? 'has failed' : `has ${stuckWords(verdict)[1]}${lasting(verdict, now)}`;

const lasting = ({ since }: Verdict, now: EpochNanos): string =>
  since === null ? '' : ` for ${roughly(Math.max(0, between(since.at, now)))}`;

/** For a headline and within a sentence. */
type StuckWords = readonly [string, string];

function stuckWords({ stage, reason }: Verdict): StuckWords {
  const known = reason === null ? undefined : KNOWN_WAITS[reason];
  if (known !== undefined) return known;
  if (stage === 'Readiness') return ['STUCK, not ready', 'not been ready'];
  return [`STUCK ${STAGE_WAITS[stage]}`, `been stuck ${STAGE_WAITS[stage]}`];
}

/** Words that a reader of `kubectl get pods` looks for. */
const KNOWN_WAITS: Readonly<Partial<Record<Reason, StuckWords>>> = {
  CrashLoop: ['CRASH LOOP', 'been in a crash loop'],
  OOMKilled: ['OUT OF MEMORY, CRASH LOOP', 'been in a crash loop'],
  Liveness: ['LIVENESS PROBE FAILS', 'been failing its liveness probe'],
  Startup: ['STARTUP PROBE FAILS', 'been failing its startup probe'],
  Unschedulable: ['UNSCHEDULABLE', 'been unschedulable'],
};

/** The stages as a pod is stuck in them. */
const STAGE_WAITS: Readonly<Record<Stage, string>> = {
  Request: 'at the request',
  Admission: 'at admission',
  Controller: 'at its controller',
  Scheduling: 'in scheduling',
  Volumes: 'at its volumes',
  Sandbox: 'creating the sandbox',
  ImagePull: 'pulling the image',
  InitContainers: 'in init containers',
  ContainerCreate: 'creating a container',
  ContainerStart: 'starting a container',
  Startup: 'starting up',
  Readiness: 'not ready yet',
  Running: 'while running',
  Termination: 'terminating',
};

/** Times in whole seconds are not printed with hundredths. */
const roughly = (nanos: number): string => (nanos >= 1e9 ? shortDuration(nanos) : formatDuration(nanos));

/** How far it has come after all: `not Ready after 1m06s`. One that is to go is not to become Ready any more. */
export function outcomeWords(lifecycle: PodLifecycle): string | undefined {
  const { state, stage } = lifecycle.verdict;
  const life = roughly(lifetime(lifecycle));
  if (stage === 'Termination' && (state === 'stuck' || state === 'progressing')) return `${life} after its creation`;
  return state === 'stuck' || state === 'progressing' ? `not Ready after ${life}` : undefined;
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

/**
 * `CrashLoop: container web ends with exit code 2`. While nothing is late there is no cause that could be unknown, and a pod
 * that is not started again is in no loop.
 */
export function causeWords(state: State, { reason, message }: Cause): string {
  const isPlain = (reason === 'Unknown' && state === 'progressing') || (reason === 'CrashLoop' && state === 'failed');
  return isPlain ? message : `${reason}: ${message}`;
}

/** `image registry.test/absent:1` */
export const waitingWords = ({ cause }: Verdict): string | undefined =>
  cause === null ? undefined : `${cause.waitingFor.kind} ${cause.waitingFor.name}`.trim();
