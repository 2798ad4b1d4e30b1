import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isAlive } from './cache.ts';
import { assertNothingLeft, footprintOf, type Footprint } from './footprint.ts';

function run(program: string, ...args: string[]): ChildProcess {
  const path = fileURLToPath(new URL(program, import.meta.url));
  return spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

function ended(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }> {
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout!.resume();
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, stderr })));
}

const isComplete = ({ pids, ports, folders }: Footprint): boolean =>
  pids.size >= 4 && ports.size >= 5 && folders.size === 1;

describe('a cluster leaves nothing behind', { concurrency: 2 }, () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    test(`after ${signal}`, async () => {
      const child = run('main.ts');
      const end = ended(child);
      await new Promise((resolve) => child.stdout!.once('data', resolve));
      const footprint = await footprintOf(child, isComplete);
      assert.ok(isComplete(footprint), 'the cluster was not seen running');
      child.kill(signal);
      const { code } = await end;
      assert.equal(code, signal === 'SIGKILL' ? null : 0);
      // After the other two signals everything is gone when the process is.
      if (signal !== 'SIGKILL') assert.deepEqual([...footprint.pids].filter(isAlive), []);
      await assertNothingLeft(footprint);
    });
  }

  test('after SIGINT while it starts', async () => {
    const child = run('main.ts');
    const end = ended(child);
    const footprint = await footprintOf(child, ({ folders }) => folders.size === 1);
    assert.equal(footprint.folders.size, 1, 'etcd was not seen running');
    child.kill('SIGINT');
    const { code, stderr } = await end;
    assert.equal(code, 0, stderr);
    await assertNothingLeft(footprint);
  });

  for (const how of ['throw', 'return']) {
    test(`when the program that did not stop it ends by ${how}`, async () => {
      const child = run('programs/forgetful.ts', how);
      const end = ended(child);
      const footprint = await footprintOf(child, () => false);
      assert.ok(isComplete(footprint), 'the cluster was not seen running');
      const { code, stderr } = await end;
      assert.equal(code, how === 'throw' ? 1 : 0, stderr);
      await assertNothingLeft(footprint);
    });
  }
});
