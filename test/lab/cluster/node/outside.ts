import { execFile } from 'node:child_process';
import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isAlive } from '../cache.ts';

const run = promisify(execFile);
const cgroups = '/sys/fs/cgroup';
const bridgePrefix = 'kt-';
const cgroupPrefix = 'kubectl-trace-';

/**
 * The few things that a node has outside its folder and its namespaces: a bridge and a cgroup in each hierarchy. They
 * are named after the process that will remove them, so that remains of a killed node differ from those in use.
 */
export interface Outside {
  readonly bridge: string;
  /** Below each hierarchy's root, with a slash in front. */
  readonly cgroup: string;
  /** The first three numbers of the pods' network and of the bridge, which is the node's address: NETWORK.1 */
  readonly network: string;
}

export async function makeOutside(owner: number): Promise<Outside> {
  const network = freeNetwork(owner);
  const outside = { bridge: bridgePrefix + owner, cgroup: await makeCgroup(owner), network };
  await run('ip', ['link', 'add', outside.bridge, 'type', 'bridge']);
  await run('ip', ['address', 'add', `${network}.1/24`, 'dev', outside.bridge]);
  await run('ip', ['link', 'set', outside.bridge, 'up']);
  return outside;
}

/** The cgroup alone, for a node with its own network. */
export async function makeCgroup(owner: number): Promise<string> {
  await removeAbandoned();
  const cgroup = `/${cgroupPrefix}${owner}`;
  for (const hierarchy of await hierarchies()) await mkdir(hierarchy + cgroup, { recursive: true });
  return cgroup;
}

/** Runs when every process of the node has ended. Objects that no longer exist are skipped. */
export async function removeOutside(owner: number): Promise<void> {
  await run('ip', ['link', 'delete', bridgePrefix + owner]).catch(() => undefined);
  for (const hierarchy of await hierarchies()) await removeCgroup(join(hierarchy, cgroupPrefix + owner));
}

/** Everything of a node that this machine still has: bridges and folders of cgroups. */
export async function outsideOf(owner: number): Promise<string[]> {
  const bridge = networkInterfaces()[bridgePrefix + owner] === undefined ? [] : [bridgePrefix + owner];
  return [...bridge, ...(await ownCgroups()).filter((path) => path.endsWith(`/${cgroupPrefix}${owner}`))];
}

async function removeAbandoned(): Promise<void> {
  const { stdout } = await run('ip', ['-o', 'link', 'show', 'type', 'bridge']);
  const bridges = [...stdout.matchAll(/^\d+: kt-(\d+):/gm)].map(([, owner]) => Number(owner));
  const folders = (await ownCgroups()).map((path) => Number(path.slice(path.lastIndexOf('-') + 1)));
  for (const owner of new Set([...bridges, ...folders])) if (!isAlive(owner)) await removeOutside(owner);
}

async function ownCgroups(): Promise<string[]> {
  const found: string[] = [];
  for (const hierarchy of await hierarchies()) {
    const names = (await readdir(hierarchy)).filter((name) => name.startsWith(cgroupPrefix));
    found.push(...names.map((name) => join(hierarchy, name)));
  }
  return found;
}

/** One in version 2; in version 1 a folder for each controller, where links stand for those that share one. */
async function hierarchies(): Promise<string[]> {
  const entries = await readdir(cgroups, { withFileTypes: true });
  if (entries.some(({ name }) => name === 'cgroup.controllers')) return [cgroups];
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(cgroups, name));
}

/** A cgroup is busy until the kernel has buried its last process. */
async function removeCgroup(folder: string): Promise<void> {
  const children = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (children === undefined) return;
  for (const child of children) if (child.isDirectory()) await removeCgroup(join(folder, child.name));
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const gone = await rmdir(folder).then(
      () => true,
      (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
    );
    if (gone) return;
    await sleep(100);
  }
}

/** In 10.213.0.0/16, a part of the private range that few have a use for; nodes side by side have one each. */
function freeNetwork(owner: number): string {
  const taken = new Set(
    Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address)),
  );
  for (let step = 0; step < 254; step += 1) {
    const network = `10.213.${((owner + step) % 254) + 1}`;
    if (!taken.has(`${network}.1`)) return network;
  }
  throw new Error('no network below 10.213.0.0/16 is free for the test node');
}
