import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const FUZZ = '../../fuzz/main.ts';

suite('commands for developers start nothing', () => {
  const programs = { 'npm run cluster': './main.ts', 'npm run fuzz': FUZZ };
  for (const [name, path] of Object.entries(programs)) {
    const run = (...args: readonly string[]) => {
      const program = fileURLToPath(new URL(path, import.meta.url));
      const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
      return { status, stdout, stderr };
    };

    test(`${name}: with --help, which names the flags`, () => {
      const { status, stdout, stderr } = run('--help');
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, new RegExp(`^Usage: ${name} .*\n`));
      assert.match(stdout, path === FUZZ ? /--target NAME/ : /--node /);
      assert.deepEqual(run('-h').stdout, stdout);
    });

    test(`${name}: with an unknown flag`, () => {
      const { status, stdout, stderr } = run('--hlep');
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /^error: Unknown option '--hlep'/);
      assert.match(stderr, /\nUsage: npm run /);
    });
  }
});
