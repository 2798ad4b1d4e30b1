import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isAlive } from './cache.ts';
import { isFree } from './ports.ts';

/** What a program that runs a cluster occupies. */
interface Footprint {
  readonly pids: Set<number>;
  readonly ports: Set<number>;
  readonly folders: Set<string>;
}

function run(program: string, ...args: string[]): ChildProcess {
  const path = fileURLToPath(new URL(program, import.meta.url));
  return spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Adds what the descendants of `root` occupy now, as far as their command lines tell. */
function look(root: number, footprint: Footprint): void {
  const rows = execFileSync('ps', ['-axww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, parent, args]) => ({ pid: Number(pid), parent: Number(parent), args: args! }));
  const family = new Set([root]);
  // A descendant may be listed before its parent.
  for (let size = 0; size < family.size;) {
    size = family.size;
    for (const { pid, parent } of rows) if (family.has(parent)) family.add(pid);
  }
  for (const { pid, args } of rows) {
    if (pid === root || !family.has(pid) || args.startsWith('ps ')) continue;
    footprint.pids.add(pid);
    for (const [, address, secure] of args.matchAll(/127\.0\.0\.1:([1-9]\d*)|--secure-port=(\d+)/g)) {
      footprint.ports.add(Number(address ?? secure));
    }
    const folder = /--data-dir=(\S+)\/etcd/.exec(args)?.[1];
    if (folder !== undefined) footprint.folders.add(folder);
  }
}

/** Watches `child` until `done` (its supervisor and three servers are there, or less) or its end. */
async function footprintOf(child: ChildProcess, done: (footprint: Footprint) => boolean): Promise<Footprint> {
  const footprint: Footprint = { pids: new Set(), ports: new Set(), folders: new Set() };
  while (!done(footprint) && child.exitCode === null && child.signalCode === null) {
    look(child.pid!, footprint);
    await sleep(20);
  }
  return footprint;
}

async function assertNothingLeft({ pids, ports, folders }: Footprint): Promise<void> {
  const left = async (): Promise<string[]> => {
    const busy = await Promise.all([...ports].map(async (port) => ((await isFree(port)) ? [] : [`port ${port}`])));
    return [
      ...[...pids].filter(isAlive).map((pid) => `process ${pid}`),
      ...busy.flat(),
      ...[...folders].filter((folder) => existsSync(folder)),
    ];
  };
  let remaining = await left();
  for (const deadline = Date.now() + 20_000; remaining.length > 0 && Date.now() < deadline; remaining = await left()) {
    await sleep(100);
  }
  assert.deepEqual(remaining, []);
}

function ended(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }> {
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout!.resume();
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, stderr })));
}

const isComplete = ({ pids, ports, folders }: Footprint): boolean =>
  pids.size >= 4 && ports.size >= 5 && folders.size === 1;

describe('nothing is left of a cluster', { concurrency: 2 }, () => {
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
    test(`when the program that forgot to stop it ends by ${how}`, async () => {
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
