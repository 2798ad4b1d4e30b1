import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UsageError } from '../errors.ts';
import { makeFolders } from '../folders.ts';
import { isWindows, type Platform } from '../platform.ts';
import type { Runtime } from '../runtime.ts';

const PREFIX = 'kubectl-trace-';
const MODULES = { fs: { mkdirSync, statSync }, path: { dirname } };

/** A folder that is there for one command. */
export interface ThrowAwayFolder {
  /** The kubeconfig in it. */
  readonly kubeconfig: string;
  /** For KUBECACHEDIR. */
  readonly cache: string;
  /** Whether the kubeconfig is no longer as it was made. */
  hasChanged(): boolean;
  /** Ends this process, should ours be killed. Without one nothing is ended. */
  guard(pid: number | undefined): void;
  /** Removes it with everything in it. Never throws. */
  remove(): void;
}

/** The content of the folder. */
export interface FolderContent {
  readonly kubeconfig: string;
  /** The proxy's URL, and that of the API server, whose types kubectl has stored under its name. */
  readonly url: string;
  readonly server: string;
  /** kubectl's own cache folder. */
  readonly kubectlCache: string;
}

/** The part of the runtime that the folder depends on. */
type FolderSources = Pick<Runtime, 'env' | 'isAlive' | 'pid' | 'platform'>;

/**
 * Makes the folder, which only its owner may enter. It is gone after the command, even if this process is killed. At once
 * rather than in the background, where Node.js starts four threads first. Throws a UsageError.
 */
export function makeFolder(content: FolderContent, sources: FolderSources): ThrowAwayFolder {
  const windows = isWindows(sources.platform);
  if (windows) removeAbandoned(sources);
  const { platform, pid } = sources;
  const path = attempt(() => mkdtempSync(join(tmpdir(), windows ? `${PREFIX}${pid}-` : PREFIX)), platform);
  const guard = watchOver(path, sources);
  const kubeconfig = join(path, 'kubeconfig');
  const cache = join(path, 'cache');
  const remove = (): void => {
    guard.watch(undefined);
    removeLink(join(cache, 'discovery', storedName(content.url)));
    removeFolder(path, windows);
    guard.end();
  };
  try {
    attempt(() => {
      writeFileSync(kubeconfig, content.kubeconfig, { mode: 0o600, flag: 'wx' });
      shareDiscovery(cache, content);
    }, platform);
  } catch (error) {
    remove();
    throw error;
  }
  const hasChanged = (): boolean => {
    const found = statSync(kubeconfig, { throwIfNoEntry: false });
    return found === undefined || readFileSync(kubeconfig, 'utf8') !== content.kubeconfig;
  };
  return { kubeconfig, cache, hasChanged, guard: guard.watch, remove };
}

/** The system's folder for temporary files may be full, read-only, or missing. */
function attempt<T>(make: () => T, platform: Platform): T {
  try {
    return make();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = REASONS[code ?? ''] ?? message;
    throw new UsageError('CannotMakeFolder', `cannot write a temporary kubeconfig in ${tmpdir()}: ${why}`, {
      cause,
      hint: `set ${isWindows(platform) ? 'TEMP' : 'TMPDIR'} to a folder that can be written; the command was not run`,
    });
  }
}

/** In the words of strerror(3). */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'disk quota exceeded',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  EROFS: 'read-only file system',
};

/**
 * On Windows a file cannot be removed while a program has it open: a process that the command left behind may end within
 * this time.
 */
const OPEN_FILES = { maxRetries: 5, retryDelay: 50 };

function removeFolder(path: string, windows: boolean): void {
  try {
    rmSync(path, { recursive: true, force: true, ...(windows && OPEN_FILES) });
  } catch {
    // The guard tries again, or the next command on Windows.
  }
}

/** Before everything else, so that nothing behind it is removed: Windows' junctions are folders to some programs. */
function removeLink(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was not made.
  }
}

/** Without a guard, the folder of a killed process stays. Its name has the process's ID. */
function removeAbandoned({ isAlive }: FolderSources): void {
  for (const name of namesIn(tmpdir())) {
    const pid = Number(/^kubectl-trace-(\d+)-[^-]+$/.exec(name)?.[1] ?? 0);
    if (pid > 0 && !isAlive(pid)) removeFolder(join(tmpdir(), name), true);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * kubectl stores the server's types by the server's address. Under the proxy's address it would find none, request them
 * each time, and leave them behind. Therefore the proxy's name is a link to the server's entry, and the command sends
 * the same requests as without a proxy. Without symbolic links it requests the types.
 */
function shareDiscovery(cache: string, { url, server, kubectlCache }: FolderContent): void {
  const own = join(cache, 'discovery');
  const stored = join(kubectlCache, 'discovery', storedName(server));
  makeFolders(own, 0o700, MODULES);
  try {
    makeFolders(stored, 0o750, MODULES);
    // The type counts on Windows alone: a junction needs no privilege there, a symbolic link does.
    symlinkSync(stored, join(own, storedName(url)), 'junction');
  } catch {
    // Then it is only slower.
  }
}

/** As kubectl names the folder of a server (cli-runtime pkg/genericclioptions/config_flags.go, computeDiscoverCacheDir). */
const storedName = (server: string): string => server.replace(/^https?:\/\//, '').replace(/[^\w/.()]/g, '_');

interface Guard {
  watch(pid: number | undefined): void;
  end(): void;
}

/**
 * Reads process IDs until its input ends, then ends the last one and removes the folder. 0 stands for no process. The
 * process gets a second to end on SIGTERM.
 */
const GUARD = `
  pid=0
  while read -r line; do pid=$line; done
  if [ "$pid" -gt 0 ] && kill -TERM "$pid" 2>/dev/null; then
    for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null
  fi
  rm -rf -- "$1"`;

/** A shell that outlives this process, whatever kills it: its input ends then. */
function watchOver(path: string, { env, platform }: FolderSources): Guard {
  // Windows has no such shell. There Node.js' children end with it (libuv's job object), and the folder stays until the next
  // command, with a token that opens nothing.
  if (isWindows(platform)) return { watch: () => {}, end: () => {} };
  // In another session: a Ctrl-C in the terminal is not for it.
  const shell = spawn('/bin/sh', ['-c', GUARD, 'sh', path], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...env },
    cwd: '/',
  });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  if ('unref' in shell.stdin && typeof shell.stdin.unref === 'function') shell.stdin.unref();
  return {
    watch: (pid) => void (shell.stdin.writable && shell.stdin.write(`${pid ?? 0}\n`)),
    end: () => shell.stdin.end(),
  };
}
