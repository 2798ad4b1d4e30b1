import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../../../scripts/cache-folder.ts';
import { withLock } from '../cache.ts';

const run = promisify(execFile);

/**
 * The path of runc: as KUBECTL_TRACE_TEST_RUNC names it, from the PATH, from the cache, or from Debian's package, which
 * is unpacked into the cache and not installed. A runc built from its Go module would need a C compiler and the headers
 * of libseccomp.
 */
export async function runcPath(env: NodeJS.ProcessEnv, progress: (line: string) => void): Promise<string> {
  const given = env['KUBECTL_TRACE_TEST_RUNC'];
  if (given) {
    if (!existsSync(given)) throw new Error(`KUBECTL_TRACE_TEST_RUNC names ${given}, which does not exist`);
    return given;
  }
  const installed = onPath('runc', env);
  if (installed !== undefined) return installed;
  const target = join(cacheFolder('servers', env), `runc-debian-${process.arch}`);
  const executable = join(target, 'usr', 'sbin', 'runc');
  if (existsSync(executable)) return executable;
  const waiting = (holder: number): void => progress(`waiting for process ${holder}, which is fetching runc`);
  const fetching = async (): Promise<void> => {
    if (existsSync(executable)) return;
    progress(`fetching Debian's runc (once, cached in ${target})`);
    await unpack(target, env);
  };
  await withLock(`${target}.lock`, fetching, waiting, AbortSignal.timeout(300_000));
  return executable;
}

/** Whether there is one, or what it takes to fetch it. */
export function canHaveRunc(env: NodeJS.ProcessEnv): boolean {
  if (env['KUBECTL_TRACE_TEST_RUNC'] || onPath('runc', env) !== undefined) return true;
  return onPath('apt-get', env) !== undefined && onPath('dpkg', env) !== undefined;
}

function onPath(program: string, env: NodeJS.ProcessEnv): string | undefined {
  const paths = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, program));
  return paths.find((path) => existsSync(path));
}

/** With its own lists and caches, so that those of apt stay unchanged. */
async function unpack(target: string, env: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(`${target}.unfinished-`);
  try {
    await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
    await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
    const apt = ['-o', `Dir::State::Lists=${join(folder, 'lists')}`, '-o', `Dir::Cache=${join(folder, 'cache')}`];
    // As root, apt would switch to its own user, who may not enter this folder.
    apt.push('-o', 'APT::Sandbox::User=root');
    await run('apt-get', [...apt, '-q', 'update'], { env });
    await run('apt-get', [...apt, '-q', 'download', 'runc'], { cwd: folder, env });
    const packageFile = (await readdir(folder)).find((file) => file.endsWith('.deb'));
    if (packageFile === undefined) throw new Error('apt-get downloaded no package');
    await run('dpkg', ['-x', join(folder, packageFile), join(folder, 'files')], { env });
    await rename(join(folder, 'files'), target);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new Error(`no runc on the PATH, and Debian's could not be fetched: ${reason}`, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
