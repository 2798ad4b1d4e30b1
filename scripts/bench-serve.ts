import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executable } from '../test/lab/cluster/build.ts';
import { otlpLoad } from '../test/lab/cluster/versions.ts';
import { findAll, peakMemory, reportSpans, type Load } from '../test/support/otlp-load.ts';
import { startServe } from '../test/support/serve.ts';

/**
 * `npm run bench:serve [SECONDS [RATE]]`: reports spans to the built `kubectl trace serve` by OpenTelemetry's exporter for
 * Go, 10,000 a second for a minute, then for a quarter of that time to one with a bound that is too small for it. Fails
 * when something that was acknowledged cannot be found, or when it takes 300 MB of memory.
 */
const [seconds = 60, rate = 10_000] = process.argv.slice(2).map(Number);
const MAX_MEMORY = 300e6;

interface Figures {
  readonly bound: string;
  readonly load: Load;
}

async function measure(program: string, { bound, load }: Figures): Promise<boolean> {
  const home = await mkdtemp(join(tmpdir(), 'kubectl-trace-bench-'));
  const database = join(home, 'traces.db');
  const serve = await startServe(home, { args: ['--max-size', bound, '--database', database] });
  try {
    const { result, peak } = await peakMemory(serve.pid, reportSpans(program, serve.otlp, load));
    const told = (await (await fetch(`${serve.query}/kubectl-trace/serve`)).json()) as Record<string, number>;
    const found = findAll(database, result.acknowledged);
    const { size } = await stat(database);
    const removed = told['removedTraces'] ?? 0;
    const good = found.cut === 0 && found.missing === removed && result.failed === 0 && peak < MAX_MEMORY;
    process.stdout.write(`--max-size ${bound}, ${load.rate} spans/s for ${load.seconds} s
  made          ${result.made} spans, ${Math.round(result.made / load.seconds)}/s
  acknowledged  ${result.acknowledgedSpans} spans of ${result.acknowledged.size} traces, ${result.failed} failed; slowest request ${result.slowestMillis} ms
  found         ${found.whole} traces whole, ${found.cut} cut, ${found.missing} not: ${removed} were removed to keep to the bound
  memory        ${Math.round(peak / 1e6)} MB at most
  store         ${(size / 2 ** 20).toFixed(1)} MiB
  ${good ? 'good' : 'NOT GOOD'}
`);
    return good;
  } finally {
    await serve.end();
    await rm(home, { recursive: true, force: true });
  }
}

const program = await executable(otlpLoad);
const whole = await measure(program, { bound: '512Mi', load: { rate, seconds } });
const over = await measure(program, { bound: '24Mi', load: { rate, seconds: Math.ceil(seconds / 4) } });
if (!whole || !over) process.exitCode = 1;
