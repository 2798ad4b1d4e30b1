import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { feedTarget, type Fed } from './feeding.ts';
import { inputsOf } from './inputs.ts';
import type { Failure, Figures } from './messages.ts';
import { Attempts, kindOf, minimise } from './minimise.ts';
import type { Target } from './target.ts';

export interface FuzzRun {
  readonly targets: readonly Target[];
  /** Duration of all targets together. */
  readonly minutes: number;
  readonly seed: number;
  /** Targets that are fed at one time. */
  readonly jobs: number;
  /** Where inputs that fail are written. */
  readonly folder: string;
  readonly print: (line: string) => void;
}

/** Feeds the targets one after the other, each for its share of the time. False when a promise was broken. */
export async function fuzz({ targets, minutes, seed, jobs, folder, print }: FuzzRun): Promise<boolean> {
  const millis = (minutes * 60_000 * jobs) / targets.length;
  print(`seed ${seed}; ${targets.length} targets, ${(millis / 1000).toFixed(0)} s each, ${jobs} at a time`);
  print(HEADING);
  const waiting = [...targets];
  let failures = 0;
  const inputs: number[] = [];
  const work = async (): Promise<void> => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
      const fed = await feedTarget(target, seed, { from: 0, to: Number.MAX_SAFE_INTEGER, millis });
      print(lineOf(target, fed));
      inputs.push(sum(fed.figures, (one) => one.inputs));
      failures += await describeFailures(target, seed, fed.failures, { folder, print });
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  print(
    `${inputs.reduce((all, one) => all + one, 0)} inputs, ${failures === 0 ? 'no promise broken' : `${failures} promises BROKEN`}; seed ${seed}`,
  );
  return failures === 0;
}

const HEADING = `${'target'.padEnd(20)}${'inputs'.padStart(10)}${'MB'.padStart(8)}${'outcomes'.padStart(10)}${'slowest'.padStart(11)}${'RSS first'.padStart(11)}${'last'.padStart(8)}${'peak'.padStart(8)}${'live grew'.padStart(11)}${'broken'.padStart(8)}`;

const sum = (figures: readonly Figures[], of: (one: Figures) => number): number =>
  figures.reduce((total, one) => total + of(one), 0);
const most = (figures: readonly Figures[], of: (one: Figures) => number): number =>
  figures.reduce((top, one) => Math.max(top, of(one)), 0);
const mb = (bytes: number): string => (bytes / 1e6).toFixed(0);

function lineOf({ name }: Target, { figures, failures }: Fed): string {
  const last = figures.at(-1);
  const grown = last === undefined ? 0 : last.lastLive - last.firstLive;
  return (
    name.padEnd(20) +
    String(sum(figures, (one) => one.inputs)).padStart(10) +
    mb(sum(figures, (one) => one.bytes)).padStart(8) +
    String(most(figures, (one) => one.outcomes)).padStart(10) +
    `${most(figures, (one) => one.slowestMillis).toFixed(0)} ms`.padStart(11) +
    `${mb(last?.firstRSS ?? 0)} MB`.padStart(11) +
    mb(last?.lastRSS ?? 0).padStart(8) +
    mb(most(figures, (one) => one.peakRSS)).padStart(8) +
    `${(grown / 1e6).toFixed(1)} MB`.padStart(11) +
    String(failures.length).padStart(8)
  );
}

/** Kinds of failures of one target whose first one is made small and written. */
const MAX_DESCRIBED = 10;

async function describeFailures(
  target: Target,
  seed: number,
  failures: readonly Failure[],
  { folder, print }: Pick<FuzzRun, 'folder' | 'print'>,
): Promise<number> {
  const kinds = new Map<string, Failure[]>();
  for (const failure of failures) {
    const key = kindOf(failure);
    const known = kinds.get(key);
    if (known === undefined) kinds.set(key, [failure]);
    else known.push(failure);
  }
  const input = inputsOf(target, seed);
  const attempts = new Attempts(target);
  for (const [first, ...others] of [...kinds.values()].slice(0, MAX_DESCRIBED)) {
    const { what, message, index } = first as Failure;
    print(
      `  BROKEN ${target.name}: ${what}: ${message}${others.length === 0 ? '' : ` (and ${others.length} more times)`}`,
    );
    if (index === null) continue;
    const { bytes, isAlone } = await minimise(attempts, input(index), first as Failure);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${target.name}-${what}-${seed}-${index}`);
    writeFileSync(file, bytes);
    print(`    input ${index}, ${bytes.length} bytes${isAlone ? '' : ', which fails only behind others'}: ${file}`);
    print(`    again: npm run fuzz -- --target ${target.name} --replay ${file}`);
  }
  await attempts.close();
  return kinds.size;
}
