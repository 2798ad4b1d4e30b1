import { existsSync } from 'node:fs';
import { readFile, readdir, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { cachedExecutable, isAlive, withLock } from './cache.ts';
import { envtestFolder } from './envtest/archive.ts';
import { goEnvironment, goFault } from './go.ts';
import { Supervision } from './supervision.ts';
import { serversOf, type Program, type ServerName } from './versions.ts';

/** The path of each executable. */
export type Executables = Readonly<Record<ServerName, string>>;

export interface BuildOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Takes progress, a line at a time; standard error by default. */
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** The version of kube-apiserver, one of `kubernetesVersions`; the newest by default. */
  readonly kubernetes?: string;
  /** Executables that are not needed and not built. */
  readonly without?: readonly ServerName[];
  /** Prefer envtest's archive to a build with Go; otherwise it is for a machine without Go. */
  readonly archiveFirst?: boolean;
}

const heartbeatMillis = 20_000;

/**
 * The executables of the test cluster: those given in the environment, else those in the cache, else from
 * envtest's archive or built into the cache. Rejects with an error that says what to do when they can neither be found nor be built.
 */
export async function executables(options: BuildOptions = {}): Promise<Executables> {
  const wanted = serversOf(options.kubernetes).filter(({ name }) => options.without?.includes(name) !== true);
  return (await executablesOf(wanted, options)) as Executables;
}

/** The same of one program of the tests. */
export async function executable(program: Program, options: BuildOptions = {}): Promise<string> {
  return (await executablesOf([program], options))[program.name]!;
}

type Found = Record<string, string>;

/** The same of any programs, by their names. */
export async function executablesOf(servers: readonly Program[], options: BuildOptions): Promise<Found> {
  const env = options.env ?? process.env;
  const progress = options.progress ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const found: Found = {};
  const missing: { server: Program; target: string }[] = [];
  for (const server of servers) {
    const target = await cachedExecutable(server, env);
    const ready = givenExecutable(server, env) ?? (existsSync(target) ? target : undefined);
    if (ready === undefined) missing.push({ server, target });
    else found[server.name] = ready;
  }
  if (missing.length === 0) return found;

  if (await isForArchive(missing, options.archiveFirst === true, env)) {
    const folder = await envtestFolder({ env, progress, signal: options.signal ?? new AbortController().signal });
    if (folder !== undefined) {
      return {
        ...found,
        ...Object.fromEntries(missing.map(({ server }) => [server.name, join(folder, server.asset!)])),
      };
    }
  }
  const fault = await goFault(
    missing.map(({ server }) => server),
    env,
  );
  if (fault !== undefined) throw new Error(fault);
  // Compilers end with this process too, however it ends.
  const supervision = await Supervision.begin();
  const finished = new AbortController();
  const signal = AbortSignal.any(options.signal === undefined ? [finished.signal] : [finished.signal, options.signal]);
  signal.addEventListener('abort', () => void supervision.finish());
  const worker = async (): Promise<void> => {
    for (let next = missing.shift(); next !== undefined; next = missing.shift()) {
      await build(next.server, next.target, { env, progress, supervision, signal });
      found[next.server.name] = next.target;
    }
  };
  // Go uses all cores on its own; a second build fills them while the first one links on one.
  const workers = Array.from({ length: availableParallelism() >= 2 ? 2 : 1 }, worker);
  try {
    await Promise.all(workers);
    return found;
  } catch (error) {
    throw options.signal?.aborted ? options.signal.reason : error;
  } finally {
    finished.abort();
    await Promise.allSettled(workers);
    await supervision.finish();
  }
}

/**
 * Whether envtest's archive is the way: where it is preferred, or Go is missing, and it has all of them. A build is of the
 * very version that the tests were recorded with.
 */
async function isForArchive(
  missing: readonly { readonly server: Program }[],
  isPreferred: boolean,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const servers = missing.map(({ server }) => server);
  if (servers.some(({ asset }) => asset === undefined)) return false;
  return isPreferred || (await goFault(servers, env)) !== undefined;
}

/** KUBEBUILDER_ASSETS is where controller-runtime's envtest keeps etcd, kube-apiserver and kubectl. */
function givenExecutable(server: Program, env: NodeJS.ProcessEnv): string | undefined {
  const own = env[server.variable];
  const assets = env['KUBEBUILDER_ASSETS'];
  if (own) {
    if (!existsSync(own)) throw new Error(`${server.variable} names ${own}, which does not exist`);
    return own;
  }
  if (!assets || server.asset === undefined) return undefined;
  const path = join(assets, server.asset);
  if (!existsSync(path)) throw new Error(`KUBEBUILDER_ASSETS names ${assets}, which has no ${server.name}`);
  return path;
}

interface Workshop {
  readonly env: NodeJS.ProcessEnv;
  readonly progress: (line: string) => void;
  readonly supervision: Supervision;
  readonly signal: AbortSignal;
}

async function build(server: Program, target: string, workshop: Workshop): Promise<void> {
  const { progress, signal } = workshop;
  signal.throwIfAborted();
  const title = `${server.name} ${server.version}`;
  const work = async (): Promise<void> => {
    if (existsSync(target)) return;
    const started = performance.now();
    const elapsed = (): string => `${Math.round((performance.now() - started) / 1000)}s`;
    progress(`building ${title} (once, cached in ${dirname(target)}): usually ${server.expected}`);
    const heartbeat = setInterval(() => progress(`building ${title}: ${elapsed()} so far`), heartbeatMillis);
    const unfinished = `${target}.${process.pid}.unfinished`;
    try {
      await removeUnfinished(dirname(target));
      await runGo(server, unfinished, workshop);
      await rename(unfinished, target);
      progress(`built ${title} in ${elapsed()}`);
    } finally {
      clearInterval(heartbeat);
      await rm(unfinished, { force: true });
    }
  };
  const waiting = (holder: number): void =>
    progress(`waiting for process ${holder}, which is building ${title} (lock: ${target}.lock)`);
  await withLock(`${target}.lock`, work, waiting, signal);
}

/** Files that a killed build has left behind. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const owner = /\.lock\.(\d+)\.\d+$/.exec(file)?.[1];
    const abandoned = file.endsWith('.unfinished') || (owner !== undefined && !isAlive(Number(owner)));
    if (abandoned) await rm(join(folder, file), { force: true });
  }
}

async function runGo(server: Program, output: string, { env, supervision }: Workshop): Promise<void> {
  const log = join(supervision.folder, 'logs', `${server.name}.log`);
  await supervision.start({
    name: server.name,
    command: 'go',
    args: ['build', '-trimpath', '-ldflags', server.ldflags, '-o', output, server.package],
    cwd: server.module,
    env: { ...goEnvironment(env), GOTMPDIR: supervision.folder },
    log,
  });
  const how = await supervision.awaitEnd(server.name);
  if (how === 'exit status 0') return;
  const complaint = (await readFile(log, 'utf8')).trimEnd().slice(-4000);
  throw new Error(`building ${server.name} ${server.version} failed with ${how}:\n${complaint}`);
}
