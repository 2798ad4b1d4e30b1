import { setTimeout as sleep } from 'node:timers/promises';
import type { TestCluster } from '../cluster/cluster.ts';
import { kubectlTrace, type Outcome } from '../../support/kubectl-trace.ts';
import type { Player } from './player.ts';
import { targetOf } from './workload.ts';

const pauseMillis = 3_000;

/** Reports of the built program about one workload of a live cluster. */
export interface Observed {
  readonly workload: string;
  /** How often each state was reported; `not found` before the workload is there and once it is gone. */
  readonly states: Record<string, number>;
  /** The state that was reported when everything was where it was to be. */
  settled: string | undefined;
  /** The report after the workload was deleted. */
  gone: string | undefined;
  /** One line for each report that is wrong of a workload that is well. */
  readonly alarms: string[];
}

export const newObserved = (workload: string): Observed => ({
  workload,
  states: {},
  settled: undefined,
  gone: undefined,
  alarms: [],
});

/** Runs the built program again and again until it has seen the workload settled, and gone. */
export async function observe(
  cluster: TestCluster,
  player: Player,
  observed: Observed,
  home: string,
  signal: AbortSignal,
): Promise<void> {
  const { workload } = player;
  const args = ['pod', targetOf(workload), '-n', workload.name, '-o', 'json'];
  const env = { KUBECONFIG: cluster.kubeconfig, KUBECTL_TRACE_BACKEND: `jaeger=${cluster.backendURL}` };
  while (!signal.aborted && observed.gone === undefined) {
    const before = { settled: player.isSettled, gone: player.isGone };
    const outcome = await kubectlTrace(home, args, { env });
    const state = stateOf(outcome);
    observed.states[state] = (observed.states[state] ?? 0) + 1;
    if (state !== 'not found' && !['succeeded', 'ready', 'progressing'].includes(state)) {
      observed.alarms.push(`${state}: ${whyOf(outcome)}`);
    }
    if (before.gone) observed.gone = state;
    else if (before.settled && player.isSettled) observed.settled = state;
    await sleep(pauseMillis, undefined, { signal }).catch(() => undefined);
  }
}

interface Verdict {
  readonly state: string;
  readonly stage: string;
  readonly reason: string | null;
  readonly cause?: { readonly message?: string } | null;
}

const verdictOf = ({ stdout }: Outcome): Verdict | null | undefined =>
  stdout === '' ? undefined : (JSON.parse(stdout) as { verdict?: Verdict | null }).verdict;

/** The verdict's state, `not found`, or what else the program had to say. */
function stateOf(outcome: Outcome): string {
  const state = verdictOf(outcome)?.state;
  if (state !== undefined) return state;
  return outcome.code === 1 && /NotFound|not found/.test(outcome.stderr) ? 'not found' : `exit status ${outcome.code}`;
}

function whyOf(outcome: Outcome): string {
  const verdict = verdictOf(outcome);
  if (verdict === undefined || verdict === null) return outcome.stderr.trim().split('\n')[0] ?? '';
  return `${verdict.reason} at ${verdict.stage}: ${JSON.stringify(verdict)}`.slice(0, 600);
}
