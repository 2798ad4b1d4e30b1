import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanHome } from '../../support/kubectl-trace.ts';
import { startNode } from '../cluster/node/node.ts';
import { COMMANDS } from './commands.ts';
import { faults, Runner, type Comparison } from './compare.ts';
import { record } from './recording.ts';
import { makeScene } from './scene.ts';

/**
 * `npm run compare:kubectl -- WORD…`: runs the commands of kubectl that people use every day, or those with one of these
 * words, alone and behind `kubectl trace`. Without a word the results are stored in test/fixtures/kubectl/.
 */
const words = process.argv.slice(2);
const chosen = COMMANDS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));

const node = await startNode({});
const home = cleanHome();
const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-commands-'));
const results: Comparison[] = [];
try {
  await makeScene(node.cluster, folder, true);
  const runner = new Runner(node.cluster, { home: home.path, cwd: folder, node: node.name });
  for (const command of chosen) {
    const result = await runner.compare(command);
    results.push(result);
    const found = faults(result, command);
    process.stdout.write(`${found.length === 0 ? 'ok  ' : 'FAIL'} ${command.name}\n`);
    for (const fault of found) process.stdout.write(`     ${fault}\n`);
    if (found.length > 0) process.exitCode = 1;
    if (found.length > 0 && result.outputs !== undefined)
      process.stdout.write(`${result.outputs.join('\n--- with trace:\n')}\n`);
  }
  if (words.length === 0) record(results);
} finally {
  home.remove();
  rmSync(folder, { recursive: true, force: true });
  await node.stop();
}
