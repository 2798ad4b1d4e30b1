import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { readFileSync } from 'node:fs';
import { fuzz } from './engine/fuzz.ts';
import { Attempts } from './engine/minimise.ts';
import { TARGETS } from './targets/index.ts';

const HELP = `Usage: npm run fuzz [MINUTES] [-- FLAGS]

Feeds every reader of foreign bytes, a minute in all unless MINUTES says otherwise. Exit code 1 when a
promise is broken; the input is in a file then. docs/fuzzing.md has the targets.

Options:
  --target NAME      feed this target only; may be repeated
  --seed N           make the inputs of an earlier run
  --jobs N           targets at one time; half of the cores by default
  --failures FOLDER  where inputs go that break a promise; fuzz-failures by default
  --replay FILE      feed one file to the target of --target
  -h, --help         show this help
`;

function commandLine() {
  const options = {
    seed: { type: 'string' },
    target: { type: 'string', multiple: true },
    jobs: { type: 'string' },
    failures: { type: 'string' },
    replay: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    process.stderr.write(`error: ${(error as Error).message}\n\n${HELP}`);
    return undefined;
  }
}

const parsed = commandLine();
if (parsed === undefined) process.exitCode = 2;
else if (parsed.values.help === true) process.stdout.write(HELP);
else await main(parsed);

async function main({ values, positionals }: NonNullable<ReturnType<typeof commandLine>>): Promise<void> {
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
}
