import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
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
