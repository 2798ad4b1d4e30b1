import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../../scripts/cache-folder.ts';
import { withLock } from './cache.ts';

const run = promisify(execFile);

/** Debian packages whose files are in the cache, and not installed. */
export interface DebianFiles {
  /** The folder in the cache begins with it. */
  readonly name: string;
  readonly packages: readonly string[];
  /** Also what these packages need and this machine does not have. */
  readonly withDependencies?: boolean;
  /** For people: `runc`. */
  readonly title: string;
}

/** The path of a program on the PATH. */
export function onPath(program: string, env: NodeJS.ProcessEnv): string | undefined {
  const paths = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, program));
  return paths.find((path) => existsSync(path));
}

/** Whether packages can be fetched here. */
export const canFetchDebian = (env: NodeJS.ProcessEnv): boolean =>
  onPath('apt-get', env) !== undefined && onPath('dpkg', env) !== undefined;

/** The folder with the files of the packages, fetched once. Rejects with the reason why they could not be. */
export async function debianFiles(
  files: DebianFiles,
  env: NodeJS.ProcessEnv,
  progress: (line: string) => void,
): Promise<string> {
  const { name, title } = files;
  const target = join(cacheFolder('servers', env), `${name}-debian-${process.arch}`);
  if (existsSync(target)) return target;
  const waiting = (holder: number): void => progress(`waiting for process ${holder}, which is fetching ${title}`);
  const fetching = async (): Promise<void> => {
    if (existsSync(target)) return;
    progress(`fetching Debian's ${title} (once, cached in ${target})`);
    await unpack(target, files, env);
  };
  await withLock(`${target}.lock`, fetching, waiting, AbortSignal.timeout(300_000));
  return target;
}

/** With its own lists and caches, so that those of apt stay unchanged. */
async function unpack(
  target: string,
  { packages, withDependencies = false }: DebianFiles,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(`${target}.unfinished-`);
  try {
    await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
    await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
    const apt = ['-o', `Dir::State::Lists=${join(folder, 'lists')}`, '-o', `Dir::Cache=${join(folder, 'cache')}`];
    // As root, apt would switch to its own user, who may not enter this folder.
    apt.push('-o', 'APT::Sandbox::User=root');
    await run('apt-get', [...apt, '-q', 'update'], { env });
    const wanted = withDependencies ? await missingOf(packages, apt, env) : packages;
    await run('apt-get', [...apt, '-q', 'download', ...wanted], { cwd: folder, env });
    const files = (await readdir(folder)).filter((file) => file.endsWith('.deb'));
    if (files.length < wanted.length) throw new Error('apt-get downloaded no package');
    for (const file of files) await run('dpkg', ['-x', join(folder, file), join(folder, 'files')], { env });
    await rename(join(folder, 'files'), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The packages, and those that apt-get would install for them here. */
async function missingOf(
  packages: readonly string[],
  apt: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const { stdout } = await run('apt-get', [...apt, '-qs', '--no-install-recommends', 'install', ...packages], { env });
  const named = [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name as string);
  return [...new Set([...packages, ...named])];
}
