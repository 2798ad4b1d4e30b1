import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isAlive } from '../cache.ts';
import { assertNothingLeft, footprintOf, type Footprint } from '../footprint.ts';
import { kernelSettings } from './commands.ts';
import { whyNoNode } from './machine.ts';
import { makeOutside, outsideOf, removeOutside } from './outside.ts';

const why = await whyNoNode();
const skip = why === undefined || process.env['CI'] === 'true' ? false : why;

function run(program: string, ...args: string[]): ChildProcess {
  const path = fileURLToPath(new URL(program, import.meta.url));
  return spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('close', (code) => resolve(code)));

/** The supervisor, seven servers, the room and what leads into it, and at last the two containers of the pod with their shim. */
const isComplete = ({ pids, folders }: Footprint): boolean => pids.size >= 14 && folders.size === 1;

async function settings(): Promise<Record<string, string>> {
  const names = Object.keys(kernelSettings);
  const texts = await Promise.all(names.map((name) => readFile(`/proc/sys/${name}`, 'utf8')));
  return Object.fromEntries(names.map((name, index) => [name, texts[index]!]));
}

/** What the descendants of a program have outside of any process, each under the process ID of its supervisor. */
async function outside({ pids }: Footprint): Promise<string[]> {
  return (await Promise.all([...pids].map(outsideOf))).flat();
}

describe('a node leaves nothing behind', { concurrency: 2, skip }, () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    test(`that runs a pod, after ${signal}`, async () => {
      const before = await settings();
      const child = run('programs/running-pod.ts');
      const end = ended(child);
      const first = await Promise.race([once(child.stdout!, 'data'), end]);
      assert.ok(Array.isArray(first), `the program ended with ${String(first)} before its pod ran`);
      const footprint = await footprintOf(child, isComplete);
      assert.ok(isComplete(footprint), 'the pod was not seen running');
      assert.notDeepEqual(await outside(footprint), []);
      assert.deepEqual(await settings(), before, 'while it ran');
      child.kill(signal);
      assert.equal(await end, signal === 'SIGKILL' ? null : 0);
      if (signal !== 'SIGKILL') assert.deepEqual([...footprint.pids].filter(isAlive), []);
      await assertNothingLeft(footprint);
      assert.deepEqual(await outside(footprint), []);
      assert.deepEqual(await settings(), before);
      assert.doesNotMatch(await readFile('/proc/self/mountinfo', 'utf8'), /kubectl-trace-cluster-/);
    });
  }

  test('after SIGINT while it starts', async () => {
    const child = run('../main.ts', '--node');
    const end = ended(child);
    const footprint = await footprintOf(child, ({ pids }) => pids.size >= 9);
    child.kill('SIGINT');
    assert.equal(await end, 0);
    await assertNothingLeft(footprint);
    assert.deepEqual(await outside(footprint), []);
  });
});

test('remains that a supervisor could not remove are removed when the next node starts', { skip }, async (t) => {
  const gone = spawn('true');
  await new Promise((resolve) => gone.once('close', resolve));
  await makeOutside(gone.pid!);
  assert.notDeepEqual(await outsideOf(gone.pid!), []);
  t.after(() => removeOutside(process.pid));
  const mine = await makeOutside(process.pid);
  assert.deepEqual(await outsideOf(gone.pid!), []);
  assert.ok((await outsideOf(process.pid)).includes(mine.bridge));
});
