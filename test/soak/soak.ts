import { mkdtemp, rm, stat } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Random, seedOf } from '../fuzz/engine/random.ts';
import { attack } from './hostile.ts';
import { checksOf, type Check } from './checks.ts';
import { exportOrdinarily } from './exporters.ts';
import { Ledger } from './ledger.ts';
import { Lives } from './lives.ts';
import { Measures, percentile } from './measures.ts';
import { lookUp, readSlowly, searchEverything } from './readers.ts';
import { pause, type Party, type World } from './world.ts';

export interface SoakRun {
  readonly minutes: number;
  readonly seed: number;
  /** Ordinary spans a second. */
  readonly rate: number;
  /** As `--max-size` takes it. */
  readonly maxSize: string;
  /** Restarts by SIGKILL in the first half. */
  readonly restarts: number;
  /** Too short for a trend, on a machine whose speed is not to be judged. */
  readonly isShort: boolean;
  readonly print: (line: string) => void;
}

const HOSTILE_SENDERS = 2;
/** A disk that is full is a limit of the file's size, in blocks of 512 bytes: less than the store has by then. */
const FULL_DISK_BLOCKS = 2048;

/**
 * Keeps a built `serve` busy for the time given, and ends. The first half has the faults: restarts by SIGKILL and a full
 * disk; in the second nothing interrupts it, so that its memory shows a trend. Resolves with what holds and what does not.
 */
export async function soak({
  minutes,
  seed,
  rate,
  maxSize,
  restarts,
  isShort,
  print,
}: SoakRun): Promise<readonly Check[]> {
  const home = await mkdtemp(join(tmpdir(), 'kubectl-trace-soak-'));
  const database = join(home, 'traces.db');
  const end = new AbortController();
  const world: World = { serve: undefined, ledger: new Ledger(), measures: new Measures(), over: end.signal };
  const { measures, ledger } = world;
  const lives = new Lives(world, home, ['--max-size', maxSize, '--database', database]);
  const delay = monitorEventLoopDelay();
  delay.enable();
  let exitCode: number | null = null;
  try {
    await lives.start();
    const parties: readonly Party[] = [
      (shared, random) => exportOrdinarily(shared, random, rate),
      ...Array<Party>(HOSTILE_SENDERS).fill(attack),
      readSlowly,
      searchEverything,
      lookUp,
      () => lives.observe(),
      (shared) => reportNowAndThen(shared, minutes, print),
    ];
    const under = parties.map((party, index) => party(world, new Random(seedOf(seed, 'soak', index))));
    await faults(lives, world, { halfMillis: minutes * 30_000, restarts });
    const endsAt = performance.now() + minutes * 30_000;
    while (performance.now() < endsAt) {
      await lives.ensure();
      await pause(world, 500);
    }
    end.abort();
    await Promise.all(under);
    exitCode = await lives.end('SIGTERM');
    delay.disable();
    const { size } = await stat(database);
    const checks = checksOf({
      measures,
      compared: ledger.compare(database),
      exitCode,
      lastLife: lives.last,
      isShort,
    });
    printTable({ measures, ledger, checks, size, delayMillis: delay.percentile(99) / 1e6, print });
    return checks;
  } finally {
    end.abort();
    await lives.end('SIGKILL');
    await rm(home, { recursive: true, force: true });
  }
}

async function faults(
  lives: Lives,
  world: World,
  { halfMillis, restarts }: { readonly halfMillis: number; readonly restarts: number },
): Promise<void> {
  const step = halfMillis / (restarts + 2);
  for (let count = 0; count < restarts; count++) {
    await pause(world, step);
    await lives.ensure();
    await lives.killAndRestart();
  }
  await pause(world, step);
  await lives.ensure();
  const acknowledged = world.ledger.latest(20_000, 200);
  await lives.killAndRestart({ fileBlocks: FULL_DISK_BLOCKS });
  world.measures.count('full disks');
  await pause(world, Math.min(step, 20_000));
  await lives.ensure();
  await lives.check('disk', acknowledged);
  await lives.killAndRestart();
  await lives.check('disk', acknowledged);
}

const REPORT_MILLIS = 60_000;

async function reportNowAndThen(world: World, minutes: number, print: (line: string) => void): Promise<void> {
  const { measures, ledger } = world;
  for (let minute = 1; !world.over.aborted; minute++) {
    await pause(world, REPORT_MILLIS);
    const rss = measures.memory.at(-1)?.rss ?? 0;
    const p99 = percentile(measures.exports.slice(-1000), 0.99);
    print(
      `minute ${minute} of ${minutes}: ${ledger.spans} spans acknowledged, RSS ${Math.round(rss / 1e6)} MB, p99 ${p99.toFixed(0)} ms, faults: ${[...measures.faults].map((one) => one.join(': ')).join('; ') || 'none'}`,
    );
  }
}

interface Table {
  readonly measures: Measures;
  readonly ledger: Ledger;
  readonly checks: readonly Check[];
  readonly size: number;
  readonly delayMillis: number;
  readonly print: (line: string) => void;
}

function printTable({ measures, ledger, checks, size, delayMillis, print }: Table): void {
  const of = (values: readonly number[]): string =>
    `${values.length}, p50 ${percentile(values, 0.5).toFixed(1)} ms, p99 ${percentile(values, 0.99).toFixed(1)} ms, slowest ${percentile(values, 1).toFixed(0)} ms`;
  print(`acknowledged     ${ledger.spans} spans of ${ledger.size} traces`);
  print(`exports          ${of(measures.exports)}`);
  print(`searches         ${of(measures.searches)}`);
  print(`look-ups         ${of(measures.lookups)}`);
  print(`store            ${(size / 2 ** 20).toFixed(1)} MiB`);
  print(`this machine     load ${loadavg()[0]!.toFixed(1)}, p99 of the soak's own delay ${delayMillis.toFixed(1)} ms`);
  for (const [what, count] of [...measures.counts].toSorted(([one], [two]) => (one < two ? -1 : 1)))
    print(`  ${what.padEnd(40)} ${count}`);
  for (const { name, holds, figure } of checks) print(`${holds ? 'holds ' : 'BROKEN'} ${name.padEnd(46)} ${figure}`);
}
