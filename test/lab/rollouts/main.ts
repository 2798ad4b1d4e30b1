import { differences, table } from './comparison.ts';
import { rehearse, writeResults } from './record.ts';
import { rollouts } from './rollouts.ts';

/**
 * `npm run rehearse:rollouts -- ROLLOUT…`: follows these rollouts with kubectl and with the built program, or all of
 * them without a name, and prints how both ended. Without a name the results are stored in test/fixtures/rollouts/.
 */
const names = process.argv.slice(2);
const unknown = names.filter((name) => !rollouts.some((rollout) => rollout.name === name));
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

if (unknown.length > 0) {
  process.stderr.write(`no rollout ${unknown.join(', ')}: there are ${rollouts.map(({ name }) => name).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const chosen = names.length === 0 ? rollouts : rollouts.filter(({ name }) => names.includes(name));
  const { comparisons, failures } = await rehearse(chosen, interrupted.signal);
  process.stdout.write(table(comparisons));
  if (names.length === 0 && failures.length === 0) writeResults(comparisons);
  if (failures.length > 0 || comparisons.some((each) => differences(each).length > 0)) process.exitCode = 1;
}
