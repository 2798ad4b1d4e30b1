import { createHash } from 'node:crypto';
import { link, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../../../scripts/cache-folder.ts';
import type { Program } from './versions.ts';

/** Folder for built servers, outside the checkout, so that clones and `git clean` do not build again. */
export async function cachedExecutable(server: Program, env: NodeJS.ProcessEnv): Promise<string> {
  const hash = createHash('sha256').update(server.ldflags);
  // A program of the tests' own has its sources here too.
  const sources = join(server.module, server.package.startsWith('./') ? server.package : '.');
  for (const folder of new Set([server.module, sources])) {
    const files = (await readdir(folder)).filter((file) => /^go\.(mod|sum)$|\.go$/.test(file)).sort();
    for (const file of files) hash.update(await readFile(join(folder, file)));
  }
  const key = [server.name, server.version, process.platform, process.arch, hash.digest('hex').slice(0, 12)].join('-');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return join(cacheFolder('servers', env), key, server.name + suffix);
}

/**
 * Runs `work` while holding `path`, a file with this process's ID; waits while another living process holds it.
 * `waiting` is called once with the holder's ID, and `signal` ends the waiting. Two processes may take over the same dead one's lock at the same
 * moment and both go on: `work` has to be safe then, and only wasteful.
 */
export async function withLock<Result>(
  path: string,
  work: () => Promise<Result>,
  waiting: (holder: number) => void,
  signal: AbortSignal,
): Promise<Result> {
  await mkdir(dirname(path), { recursive: true });
  // Linked into place complete, so that no process reads a lock whose ID is not written yet. Two callers of this
  // process have a file each: the first to finish would otherwise remove the file of the other.
  const mine = `${path}.${process.pid}.${(calls += 1)}`;
  await writeFile(mine, `${process.pid}\n`);
  try {
    for (let told = false; !(await linked(mine, path));) {
      const holder = await holderOf(path);
      if (holder === undefined || !isAlive(holder)) {
        await rm(path, { force: true });
        continue;
      }
      if (!told) waiting(holder);
      told = true;
      await sleep(500, undefined, { signal });
    }
    try {
      return await work();
    } finally {
      if ((await holderOf(path)) === process.pid) await rm(path, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

let calls = 0;

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function holderOf(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^\d+\n$/.test(text) ? Number(text) : undefined;
}

/** A process of another user is alive too: signalling it fails with EPERM, not ESRCH. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
