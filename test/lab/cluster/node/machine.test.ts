import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { whyNoNode } from './machine.ts';

test('missing requirements of a machine for a node are reported briefly', async () => {
  assert.match(
    (await whyNoNode({ PATH: '/nowhere' })) ?? 'nothing is lacking',
    /^a node needs (Linux, and this is \w+|root|the program ip)$/,
  );
});

/** The tests of a node where none of the programs that it takes is installed. */
function runWithout(env: NodeJS.ProcessEnv): { code: number | null; output: string } {
  const file = fileURLToPath(new URL('node.test.ts', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=spec', file], {
    env: { HOME: process.env['HOME'], PATH: '/nowhere', ...env },
    encoding: 'utf8',
  });
  return { code: status, output: stdout };
}

test('if no node can run, its tests are skipped and report why', () => {
  const { code, output } = runWithout({});
  assert.equal(code, 0, output);
  assert.match(output, /# a node needs /);
  assert.match(output, /^ℹ skipped 2$/m);
});

test('with CI=true they fail instead', () => {
  const { code, output } = runWithout({ CI: 'true' });
  assert.equal(code, 1, output);
  assert.match(output, /no test node can run here: a node needs /);
  assert.match(output, /^ℹ skipped 0$/m);
});
