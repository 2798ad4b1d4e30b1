import { parseArgs } from 'node:util';
import { soak } from './soak.ts';

/**
 * `npm run soak [MINUTES] [-- --seed N] [--rate SPANS] [--max-size SIZE]`: the built `serve` with ordinary exporters, hostile
 * senders, slow readers, searches and faults beside each other, for five minutes unless MINUTES says otherwise; hours are
 * fine. Exit code 1 when a check does not hold.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, rate: { type: 'string' }, 'max-size': { type: 'string' } },
});

const minutes = Number(positionals[0] ?? 5);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const print = (line: string): void => void process.stdout.write(`${line}\n`);
print(`seed ${seed}, ${minutes} minutes`);
const checks = await soak({
  minutes,
  seed,
  rate: Number(values.rate ?? 2000),
  maxSize: values['max-size'] ?? '256Mi',
  restarts: Math.max(1, Math.min(20, Math.floor(minutes / 3))),
  isShort: false,
  print,
});
process.exitCode = checks.every(({ holds }) => holds) ? 0 : 1;
