import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UsageError } from '../errors.ts';
import { makeFolders } from '../folders.ts';
import type { Environment } from '../runtime.ts';

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

/**
 * Makes the folder, which only its owner may enter. It is gone after the command, even if this process is killed. At once
 * rather than in the background, where Node.js starts four threads first. Throws a UsageError.
 */
export function makeFolder(content: FolderContent, env: Environment): ThrowAwayFolder {
  const path = attempt(() => mkdtempSync(join(tmpdir(), 'kubectl-trace-')));
  const guard = watchOver(path, env);
  const kubeconfig = join(path, 'kubeconfig');
  const cache = join(path, 'cache');
  const remove = (): void => {
    guard.watch(undefined);
    removeFolder(path);
    guard.end();
  };
  try {
    attempt(() => {
      writeFileSync(kubeconfig, content.kubeconfig, { mode: 0o600, flag: 'wx' });
      shareDiscovery(cache, content);
    });
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
function attempt<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = REASONS[code ?? ''] ?? message;
    throw new UsageError('CannotMakeFolder', `cannot write a temporary kubeconfig in ${tmpdir()}: ${why}`, {
      cause,
      hint: 'set TMPDIR to a folder that can be written; the command was not run',
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

function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // The guard tries again.
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
    symlinkSync(stored, join(own, storedName(url)), 'dir');
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
function watchOver(path: string, env: Environment): Guard {
  // Windows has no such shell. There the folder stays when this process is killed, with a token that opens nothing.
  if (platform() === 'win32') return { watch: () => {}, end: () => {} };
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
