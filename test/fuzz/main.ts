import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { readFileSync } from 'node:fs';
import { fuzz } from './engine/fuzz.ts';
import { Attempts } from './engine/minimise.ts';
import { TARGETS } from './targets/index.ts';

/**
 * `npm run fuzz [MINUTES] [-- --seed N] [--target NAME]… [--jobs N] [--failures FOLDER]`: feeds every reader of foreign
 * bytes, a minute in all unless MINUTES says otherwise. Exit code 1 when a promise is broken; the input is in a file then.
 * `--target NAME --replay FILE` feeds one file.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    target: { type: 'string', multiple: true },
    jobs: { type: 'string' },
    failures: { type: 'string' },
    replay: { type: 'string' },
  },
});

const wanted = values.target ?? [];
const targets = TARGETS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const unknown = wanted.find((name) => !TARGETS.some((target) => target.name === name));
if (unknown !== undefined) {
  process.stderr.write(
    `error: there is no target ${unknown}; known are ${TARGETS.map(({ name }) => name).join(', ')}\n`,
  );
  process.exitCode = 2;
} else if (values.replay !== undefined) {
  const [target] = targets;
  const attempts = new Attempts(target!);
  const failure = await attempts.failureOf(readFileSync(values.replay));
  await attempts.close();
  process.stdout.write(failure === null ? 'no promise is broken\n' : `${failure.what}: ${failure.message}\n`);
  process.exitCode = failure === null ? 0 : 1;
} else {
  const isGood = await fuzz({
    targets,
    minutes: Number(positionals[0] ?? 1),
    seed: Number(values.seed ?? Math.floor(Math.random() * 2 ** 31)),
    jobs: Number(values.jobs ?? Math.max(1, Math.floor(availableParallelism() / 2))),
    folder: values.failures ?? 'fuzz-failures',
    print: (line) => process.stdout.write(`${line}\n`),
  });
  if (!isGood) process.exitCode = 1;
}
