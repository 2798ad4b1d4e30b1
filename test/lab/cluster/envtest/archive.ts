import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { extract } from 'tar';
import { cacheFolder } from '../../../../scripts/cache-folder.ts';
import { isAlive, withLock } from '../cache.ts';
import { download } from './download.ts';
import { ENVTEST_SUMS, ENVTEST_VERSION } from './pinned.ts';

/** An archive with etcd, kube-apiserver and kubectl, and where its programs are once it was unpacked. */
export interface EnvtestArchive {
  readonly version: string;
  readonly url: string;
  readonly sha512: string;
  readonly folder: string;
}

const RELEASES = 'https://github.com/kubernetes-sigs/controller-tools/releases/download';
const PROGRAMS = ['etcd', 'kube-apiserver', 'kubectl'] as const;
const IN_ARCHIVE = 'controller-tools/envtest';

/**
 * The archive for this platform; undefined where none is pinned. KUBECTL_TRACE_TEST_ENVTEST_MIRROR replaces the address
 * of the releases, and KUBECTL_TRACE_TEST_ENVTEST_SHA512 the pinned checksum, for a mirror with other archives.
 */
export function envtestArchive(
  env: NodeJS.ProcessEnv,
  { platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'> = process,
): EnvtestArchive | undefined {
  const target = `${platform}-${arch === 'x64' ? 'amd64' : arch}`;
  const sha512 = env['KUBECTL_TRACE_TEST_ENVTEST_SHA512']?.toLowerCase() || ENVTEST_SUMS[target];
  if (sha512 === undefined) return undefined;
  const release = `envtest-v${ENVTEST_VERSION}`;
  const base = (env['KUBECTL_TRACE_TEST_ENVTEST_MIRROR'] || RELEASES).replace(/\/+$/, '');
  return {
    version: ENVTEST_VERSION,
    url: `${base}/${release}/${release}-${target}.tar.gz`,
    sha512,
    folder: join(cacheFolder('servers', env), `envtest-${ENVTEST_VERSION}-${target}-${sha512.slice(0, 12)}`),
  };
}

export interface FetchOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Takes progress, and why there is no archive, a line at a time. */
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * The folder of the archive's programs, from the cache or downloaded into it. Undefined when there is no archive to be
 * had: a line has said why. Rejects only when `signal` aborts.
 */
export async function envtestFolder(options: FetchOptions): Promise<string | undefined> {
  const archive = envtestArchive(options.env);
  if (archive === undefined) {
    options.progress(`there is no envtest archive for ${process.platform} ${process.arch}`);
    return undefined;
  }
  // Renamed into place when it was complete.
  if (existsSync(archive.folder)) return archive.folder;
  const waiting = (holder: number): void =>
    options.progress(`waiting for process ${holder}, which is downloading envtest (lock: ${archive.folder}.lock)`);
  try {
    await withLock(`${archive.folder}.lock`, () => fetchArchive(archive, options), waiting, options.signal);
    return archive.folder;
  } catch (error) {
    options.signal.throwIfAborted();
    options.progress(`cannot use envtest ${archive.version} from ${archive.url}: ${reasonOf(error)}`);
    return undefined;
  }
}

async function fetchArchive(archive: EnvtestArchive, options: FetchOptions): Promise<void> {
  const { folder } = archive;
  if (existsSync(folder)) return;
  await removeAbandoned(dirname(folder));
  const unfinished = `${folder}.${process.pid}.unfinished`;
  const file = join(unfinished, 'archive.tar.gz');
  const programs = join(unfinished, 'programs');
  try {
    await mkdir(programs, { recursive: true });
    const title = `envtest ${archive.version} (etcd, kube-apiserver and kubectl; once, cached in ${folder})`;
    await download(archive.url, file, { ...options, title });
    const sum = await sha512Of(file);
    if (sum !== archive.sha512) throw new Error(`its SHA-512 is ${sum}, and not ${archive.sha512}`);
    await unpack(file, programs);
    await rename(programs, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** By its file, so that what was checked is what the disk has. */
async function sha512Of(file: string): Promise<string> {
  return createHash('sha512')
    .update(await readFile(file))
    .digest('hex');
}

/** Only the three programs, and only as plain files. */
async function unpack(file: string, target: string): Promise<void> {
  const wanted = new Set(PROGRAMS.map((name) => `${IN_ARCHIVE}/${name}`));
  await extract({
    file,
    cwd: target,
    strip: 2,
    strict: true,
    filter: (path, entry) => wanted.has(path) && 'type' in entry && entry.type === 'File',
  });
  for (const name of PROGRAMS) {
    if (!existsSync(join(target, name))) throw new Error(`the archive has no ${IN_ARCHIVE}/${name}`);
    await chmod(join(target, name), 0o755);
  }
}

/** Folders that killed processes have left behind. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const owner = /^envtest-.*\.(\d+)\.unfinished$/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Errors of a connection have their words in a cause, or in several of them. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return `no space left on device (${error.message})`;
  if (error.cause !== undefined) return `${error.message}: ${reasonOf(error.cause)}`;
  return error.message || (code ?? error.name);
}
