import { startNode } from '../cluster/node/node.ts';
import { play } from './play.ts';
import type { Observed } from './program.ts';
import { writeRecording } from './recording.ts';
import type { Workload } from './workload.ts';

const atOnce = 5;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

export interface RecordOptions {
  /** Also run the built program against the living cluster. */
  readonly withProgram: boolean;
  readonly signal: AbortSignal;
}

export interface Recorded {
  readonly observed: readonly Observed[];
  /** The names of workloads that could not be recorded. */
  readonly failures: readonly string[];
}

/** Plays and records workloads on one node, five at a time. */
export async function record(
  workloads: readonly Workload[],
  { withProgram, signal }: RecordOptions,
): Promise<Recorded> {
  const node = await startNode({ signal });
  const observed: Observed[] = [];
  const failures: string[] = [];
  try {
    for (const batch of batches(workloads)) {
      if (signal.aborted) break;
      say(`playing ${batch.map(({ name }) => name).join(', ')}`);
      const seen = await play(node.cluster, batch, {
        withProgram,
        signal,
        onRecorded: (recording) => {
          const bytes = writeRecording(recording);
          say(`recorded ${recording.header.workload}: ${recording.ticks.length} ticks, ${bytes} bytes`);
        },
        onFailure: (workload, why) => {
          failures.push(workload);
          say(`error: ${workload}: ${why}`);
        },
      });
      observed.push(...seen);
    }
    return { observed, failures };
  } finally {
    if (failures.length > 0) say(`the node's logs: ${await node.cluster.saveLogs()}`);
    await node.stop();
  }
}

/** Those that take long together, so that the others need not wait for them. */
function batches(workloads: readonly Workload[]): Workload[][] {
  return [false, true].flatMap((slow) => {
    const some = workloads.filter((workload) => (workload.slow === true) === slow);
    return Array.from({ length: Math.ceil(some.length / atOnce) }, (_, index) =>
      some.slice(index * atOnce, (index + 1) * atOnce),
    );
  });
}
