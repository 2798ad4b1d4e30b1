import { exitWords } from '../causes/exit.ts';
import { containerWords } from '../causes/sidecar.ts';
import type { Container, ContainerState } from '../containers.ts';
import { onWindows } from '../node-commands.ts';
import type { TimelineInput, InferredRow } from './inferred-row.ts';
import { restartRow } from './restarts.ts';

/** The last two runs of each container, which are the runs that the object still reports, and the pause between them. */
export function containerRows({ snapshot, end, progress, syncs }: TimelineInput): InferredRow[] {
  const starts = syncs
    .flatMap(({ calls }) => calls)
    .filter(({ method, failed }) => method === 'StartContainer' && !failed);
  const times = {
    earliest: progress.created.at.at,
    starts: starts.map(({ span }) => span.end),
    end,
    windows: onWindows(snapshot),
  };
  return snapshot.pod.containers.flatMap((container) => {
    const last = runRow(container, container.last, times);
    const current = runRow(container, container.state, times);
    return [last, restartRow(container, last, current, end), current].filter((row) => row !== undefined);
  });
}

function runRow(
  container: Container,
  state: ContainerState | undefined,
  {
    earliest,
    starts,
    end,
    windows,
  }: {
    readonly earliest: InferredRow['from'];
    readonly starts: readonly InferredRow['from'][];
    readonly end: InferredRow['to'];
    readonly windows: boolean;
  },
): InferredRow | undefined {
  if (state === undefined || state.kind === 'waiting' || state.startedAt === undefined) return undefined;
  const reported = state.startedAt.at < earliest ? earliest : state.startedAt.at;
  // A time in whole seconds may stand before the call that has started it.
  const within = reported + BigInt(state.startedAt.uncertainty);
  const started = starts.find((time) => time >= reported && time <= within) ?? reported;
  if (started > end) return undefined;
  const { restarts } = container;
  const what = containerWords(container);
  const failed = state.kind === 'terminated' && state.exitCode !== 0;
  const how =
    state.kind === 'running'
      ? `runs${restarts === 0 ? '' : `, restarted ${restarts} ×`}`
      : `${state.reason === 'OOMKilled' ? 'OOMKilled, ' : ''}${exitWords(state, windows)}`;
  const until = state.kind === 'running' ? end : (state.finishedAt?.at ?? started);
  return {
    label: [`${what}  ${how} (status, ± 1 s)`, `${what}: ${how}`],
    from: started,
    to: until < started ? started : until > end ? end : until,
    source: 'condition',
    component: 'runtime',
    failed,
  };
}
