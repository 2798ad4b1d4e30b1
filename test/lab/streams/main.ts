import { parseArgs } from 'node:util';
import { commands } from './commands.ts';
import { nameOf, writeRecordings } from './recording.ts';
import { contexts, rehearse } from './rehearse.ts';
import { falsehoods } from './truth.ts';

/**
 * `npm run rehearse:streams -- [--times N] [COMMAND…]`: runs these commands with streams on a real node, or all of them
 * without a name, as a plain admin and as system:masters. Compares each verdict with what the trace backend has a minute
 * later. Without a name, the recordings in test/fixtures/streams/ are replaced.
 */
const { values, positionals } = parseArgs({
  options: { times: { type: 'string', default: '2' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !commands.some((command) => command.name === name));
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

if (unknown.length > 0) {
  process.stderr.write(`no command ${unknown.join(', ')}: there are ${commands.map(({ name }) => name).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const chosen = positionals.length === 0 ? commands : commands.filter(({ name }) => positionals.includes(name));
  const recordings = await rehearse(chosen, Number(values.times), interrupted.signal);
  let good = 0;
  for (const recording of recordings) {
    const problems = falsehoods(recording);
    if (problems.length === 0) good++;
    const { document } = recording;
    const open = (document.summary?.openNanos ?? 0) / 1e9;
    const took = document.command.durationNanos / 1e9;
    const findings = document.summary?.findings.map(({ title }) => title).join('; ') ?? '';
    process.stdout.write(
      `${nameOf(recording).padEnd(28)}${document.verdict}, open for ${open.toFixed(2)} of ${took.toFixed(2)} s; ${findings}\n`,
    );
    for (const problem of problems) process.stdout.write(`  ${problem}\n`);
  }
  process.stdout.write(`${good} of ${recordings.length} are true, as ${contexts.join(' and ')}\n`);
  if (positionals.length === 0) writeRecordings(recordings);
  if (good < recordings.length) process.exitCode = 1;
}
