import { setTimeout as sleep } from 'node:timers/promises';
import type { TestCluster } from '../cluster/cluster.ts';
import { cleanHome } from '../../support/kubectl-trace.ts';
import { openNamespace } from './namespace.ts';
import { Player } from './player.ts';
import { newObserved, observe, type Observed } from './program.ts';
import { takeTick } from './recorder.ts';
import type { Recording } from './recording.ts';
import type { Workload } from './workload.ts';

const tickMillis = 2_000;

export interface PlayOptions {
  /** Also run the built program against the living cluster. */
  readonly withProgram: boolean;
  readonly signal: AbortSignal;
  readonly onRecorded: (recording: Recording) => void;
  /** A workload that did not get to where it was to be. */
  readonly onFailure: (workload: string, why: string) => void;
}

/** Plays workloads at the same time, from their creation to their end; resolves with what the program said of each. */
export async function play(
  cluster: TestCluster,
  batch: readonly Workload[],
  { withProgram, signal, onRecorded, onFailure }: PlayOptions,
): Promise<Observed[]> {
  const home = cleanHome();
  const over = new AbortController();
  const pairs = batch.map((workload) => ({
    player: new Player(cluster, workload),
    observed: newObserved(workload.name),
  }));
  let playing = [...pairs];
  const leave = (player: Player): void => void (playing = playing.filter((pair) => pair.player !== player));
  const fail = (player: Player, error: unknown): void => {
    onFailure(player.workload.name, error instanceof Error ? error.message : String(error));
    leave(player);
  };
  let observing: Promise<void>[] = [];
  try {
    for (const { name } of batch) await openNamespace(cluster, name);
    await Promise.all(pairs.map(({ player }) => player.begin().catch((error: unknown) => fail(player, error))));
    if (withProgram) {
      observing = pairs.map(({ player, observed }) => observe(cluster, player, observed, home.path, over.signal));
    }
    for (let next = Date.now(); playing.length > 0 && !signal.aborted; next += tickMillis) {
      // A busy machine takes its ticks late, and not two at once afterwards.
      next = Math.max(next, Date.now() - tickMillis);
      await sleep(Math.max(0, next - Date.now()));
      const tick = await takeTick(cluster);
      for (const { player, observed } of playing) {
        const mayEnd = !withProgram || observed.settled !== undefined;
        await player.look(tick, mayEnd).catch((error: unknown) => fail(player, error));
        if (
          !player.isDone ||
          (withProgram && observed.gone === undefined) ||
          !playing.some((pair) => pair.player === player)
        )
          continue;
        onRecorded(player.recording);
        leave(player);
      }
    }
    return pairs.map(({ observed }) => observed);
  } finally {
    over.abort();
    await Promise.all(observing);
    home.remove();
    for (const { name } of batch) await cluster.call('DELETE', `/api/v1/namespaces/${name}`);
  }
}
