import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './bench/paired-runs.ts';
import { FORMATS, SHAPES, writeSpans } from './bench/span-files.ts';

/**
 * `npm run bench:spans`, and the end of `npm run bench`: 100,000 spans from a file to the tree on standard output, in
 * multiples of a process that does nothing but read and parse the same file. Both run in turn; what counts are medians of
 * the ratios of neighbours. Our own start-up, what the same command takes for a file of one span, is not held against the
 * drawing. The ratio of processor times, those of all threads, stands beside for machines that are busy; no goal is set
 * for it. Ends with 1 when a goal is missed.
 */
const SPANS = 100_000;
const ROUNDS = Number(process.argv[2] ?? 5);
const MAX_TIME = 2;
const MAX_MEMORY = 1.75;

interface Run {
  readonly millis: number;
  readonly cpuMillis: number;
  readonly peakMiB: number;
}

const launcher = fileURLToPath(new URL('../bin/kubectl-trace', import.meta.url));
const peak = new URL('./bench/print-peak.mjs', import.meta.url).href;
const home = await mkdtemp(join(tmpdir(), 'kubectl-trace-bench-'));
const env = { PATH: process.env['PATH'], HOME: home, NODE_OPTIONS: `--import=${peak}` };
const PARSE = "globalThis.parsed = JSON.parse(require('node:fs').readFileSync(process.argv[1], 'utf8'))";

function run(command: string, ...args: string[]): Promise<Run> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
    let told = '';
    child.stdout?.resume();
    child.stdio[3]?.on('data', (text: Buffer) => (told += text.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`${command} ${args.join(' ')} ended with ${code}`));
      else {
        const [peakKiB = NaN, cpuMillis = NaN] = told.split(' ').map(Number);
        resolve({ millis: performance.now() - start, cpuMillis, peakMiB: peakKiB / 1024 });
      }
    });
  });
}

const show = (file: string, ...flags: string[]): Promise<Run> => run(launcher, 'show', file, '--no-history', ...flags);

try {
  const small = join(home, 'small.json');
  await writeSpans(small, 'otlp', 'mixed', 1);
  const startUps: Run[] = [];
  for (let round = 0; round < ROUNDS + 3; round++) startUps.push(await show(small));
  const startUp: Run = {
    millis: median(startUps.map(({ millis }) => millis)),
    cpuMillis: median(startUps.map(({ cpuMillis }) => cpuMillis)),
    peakMiB: median(startUps.map(({ peakMiB }) => peakMiB)),
  };
  process.stdout.write(`\n${SPANS} spans; start-up: ${startUp.millis.toFixed(0)} ms. `);
  process.stdout.write(`Goals: time ${MAX_TIME} × parse and the start-up, memory ${MAX_MEMORY} ×\n`);
  process.stdout.write(
    `${cells('', 'file', 'parse', 'tree', 'ratio', '(cpu)', 'MiB', 'MiB', 'ratio', 'json', 'MiB')}\n`,
  );
  for (const format of FORMATS) {
    for (const shape of SHAPES) await measure(format, shape, startUp);
  }
} finally {
  await rm(home, { recursive: true, force: true });
}

async function measure(format: (typeof FORMATS)[number], shape: (typeof SHAPES)[number], startUp: Run): Promise<void> {
  const file = join(home, `${format}-${shape}.json`);
  await writeSpans(file, format, shape, SPANS);
  const rounds: { readonly parse: Run; readonly tree: Run }[] = [];
  await run(process.execPath, '-e', PARSE, file);
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({ parse: await run(process.execPath, '-e', PARSE, file), tree: await show(file) });
  }
  const json = await show(file, '-o', 'json');
  const time = median(rounds.map(({ parse, tree }) => (tree.millis - startUp.millis) / parse.millis));
  const cpu = median(rounds.map(({ parse, tree }) => (tree.cpuMillis - startUp.cpuMillis) / parse.cpuMillis));
  const memory = median(rounds.map(({ parse, tree }) => tree.peakMiB / parse.peakMiB));
  const of = (value: (round: (typeof rounds)[number]) => number): string => median(rounds.map(value)).toFixed(0);
  const verdict = time <= MAX_TIME && memory <= MAX_MEMORY ? 'met' : 'missed';
  if (verdict === 'missed') process.exitCode = 1;
  const size = `${((await stat(file)).size / 1e6).toFixed(0)} MB`;
  const row = cells(
    `${format} ${shape}`,
    size,
    of(({ parse }) => parse.millis),
    of(({ tree }) => tree.millis),
    time.toFixed(2),
    cpu.toFixed(2),
    of(({ parse }) => parse.peakMiB),
    of(({ tree }) => tree.peakMiB),
    memory.toFixed(2),
    json.millis.toFixed(0),
    json.peakMiB.toFixed(0),
  );
  process.stdout.write(`${row}  ${verdict}\n`);
  await rm(file);
}

function cells(name: string, ...values: readonly string[]): string {
  return name.padEnd(14) + values.map((value) => value.padStart(8)).join('');
}
