import { record } from './record.ts';
import { stories } from './stories.ts';

/**
 * `npm run record:pods -- STORY…`: writes these folders of test/fixtures/pods/ again, or all of them without a name.
 */
const names = process.argv.slice(2);
const unknown = names.filter((name) => !stories.some((story) => story.name === name));
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

if (unknown.length > 0) {
  process.stderr.write(`no story ${unknown.join(', ')}: there are ${stories.map(({ name }) => name).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const chosen = names.length === 0 ? stories : stories.filter(({ name }) => names.includes(name));
  const failed = await record(chosen, interrupted.signal);
  if (failed > 0) process.exitCode = 1;
}
