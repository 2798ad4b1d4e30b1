import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execute, median, pairedRuns, type Program } from './paired-runs.ts';

/** A command of kubectl, alone and behind `kubectl trace`. */
export interface ProxiedCommand {
  readonly kubectl: Program;
  /** With `--trace-output FILE -o json` before what is kubectl's, if a file is given. */
  readonly traced: (file: string | undefined) => Program;
}

/** Medians in milliseconds. */
export interface AddedTime {
  readonly alone: number;
  readonly behind: number;
  /** The median difference of two neighbouring runs. */
  readonly added: number;
  readonly parts: ReadonlyMap<string, number>;
}

/** Runs both in turn, then the traced one again for its parts. */
export async function addedByProxy(
  { kubectl, traced }: ProxiedCommand,
  rounds: number,
  folder: string,
): Promise<AddedTime> {
  const pairs = await pairedRuns(traced(undefined), kubectl, rounds);
  const alone = median(pairs.map(([, theirs]) => theirs));
  return {
    alone,
    behind: median(pairs.map(([ours]) => ours)),
    added: median(pairs.map(([ours, theirs]) => ours - theirs)),
    parts: await partsOf(traced, alone, rounds, folder),
  };
}

async function partsOf(
  traced: ProxiedCommand['traced'],
  alone: number,
  rounds: number,
  folder: string,
): Promise<ReadonlyMap<string, number>> {
  const file = join(folder, 'trace.json');
  const samples: (readonly [before: number, during: number, after: number])[] = [];
  for (let round = 0; round < rounds / 2; round++) {
    const { startedAt, millis } = await execute(traced(file));
    const { command } = JSON.parse(await readFile(file, 'utf8')) as {
      readonly command: { readonly startTime: string; readonly durationNanos: number };
    };
    const before = epochMillis(command.startTime) - startedAt;
    const during = command.durationNanos / 1e6;
    samples.push([before, during, millis - before - during]);
  }
  await rm(file);
  const of = (part: 0 | 1 | 2): number => median(samples.map((sample) => sample[part]));
  return new Map([
    ['until kubectl starts', of(0)],
    ['while kubectl runs, more than alone', of(1) - alone],
    ['after kubectl has ended', of(2)],
  ]);
}

/** Milliseconds since the epoch of a time with nanoseconds. */
function epochMillis(text: string): number {
  const [, whole = '', fraction = '0'] = /^(.*:\d+)(?:\.(\d+))?Z$/.exec(text) ?? [];
  return Date.parse(`${whole}Z`) + Number(`0.${fraction}`) * 1000;
}
