import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runChild } from '../../../../src/commands/run/child.ts';
import { testRuntime } from '../../kube/fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-child-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const mark = join(folder, 'mark');
const script = `require('node:fs').writeFileSync(${JSON.stringify(mark)}, ''); process.exitCode = 3;`;
const command = [process.execPath, '-e', script];

test('a command is not started after an interrupt', async () => {
  const interrupted = AbortSignal.abort(new Error('interrupted by SIGTERM'));
  assert.equal(await runChild(command, testRuntime({ interrupted }), { env: {} }), 130);
  assert.equal(existsSync(mark), false);
});

test('it ends with its own exit code', async () => {
  assert.equal(await runChild(command, testRuntime(), { env: {} }), 3);
  assert.equal(existsSync(mark), true);
});

for (const [what, program, args, why] of [
  ['a link to itself', './loop', [], 'too many levels of symbolic links'],
  ['a name that is too long', `./${'x'.repeat(300)}`, [], 'file name too long'],
  ['arguments that are too long', process.execPath, ['x'.repeat(4 * 1024 * 1024)], 'argument list too long'],
  ['a file that is no program', './text', [], 'permission denied'],
  ['a folder that does not exist', './absent/program', [], 'no such file or directory'],
] as const) {
  test(`${what} cannot be run, which is an error of the command line`, async () => {
    rmSync(join(folder, 'loop'), { force: true });
    symlinkSync('loop', join(folder, 'loop'));
    writeFileSync(join(folder, 'text'), 'text');
    chmodSync(join(folder, 'text'), 0o600);
    await assert.rejects(runChild([program, ...args], testRuntime({ cwd: folder }), { env: {} }), {
      exitCode: 2,
      reason: 'CannotRun',
      message: `exec: ${JSON.stringify(program)}: ${why}`,
    });
  });
}
