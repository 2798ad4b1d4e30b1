import assert from 'node:assert/strict';
import { execFileSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './cache.ts';
import { isFree } from './ports.ts';

/** Resources that a program with a cluster occupies. */
export interface Footprint {
  readonly pids: Set<number>;
  readonly ports: Set<number>;
  readonly folders: Set<string>;
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
export async function footprintOf(child: ChildProcess, done: (footprint: Footprint) => boolean): Promise<Footprint> {
  const footprint: Footprint = { pids: new Set(), ports: new Set(), folders: new Set() };
  while (!done(footprint) && child.exitCode === null && child.signalCode === null) {
    look(child.pid!, footprint);
    await sleep(20);
  }
  return footprint;
}

export async function assertNothingLeft({ pids, ports, folders }: Footprint): Promise<void> {
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
