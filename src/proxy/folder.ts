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
import { systemErrorText } from '../format/system-error.ts';
import { makeFolders } from '../folders.ts';
import { discoveryFolder } from '../kube/connect/kubectl-discovery.ts';
import { isWindows, type Platform } from '../platform.ts';
import type { Runtime } from '../runtime.ts';
import { replacePipe, type AwaitedFile } from './awaited-file.ts';
import { watchOver } from './guard.ts';

const PREFIX = 'kubectl-trace-';
const MODULES = { fs: { mkdirSync, statSync }, path: { dirname } };

/** A folder that is there for one command. */
export interface ThrowAwayFolder {
  /** The kubeconfig in it. */
  readonly kubeconfig: string;
  /** For KUBECACHEDIR. */
  readonly cache: string;
  /** A program that opens the kubeconfig now waits for it. Never rejects. */
  readonly isAwaited: Promise<boolean>;
  /** Writes everything in it, for programs that wait too. Throws a UsageError, and is removed then. */
  write(content: FolderContent): void;
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
type FolderSources = Pick<Runtime, 'env' | 'isAlive' | 'pid' | 'platform' | 'uid'>;

/**
 * Makes the folder, which only its owner may enter. It is gone after the command, even if this process is killed. At once
 * rather than in the background, where Node.js starts four threads first. `isAwaited`: a named pipe stands for the
 * kubeconfig until it is written, where the system has any. Throws a UsageError.
 */
export function makeFolder(sources: FolderSources, { isAwaited = false } = {}): ThrowAwayFolder {
  const windows = isWindows(sources.platform);
  if (windows) removeAbandoned(sources);
  const { platform, pid } = sources;
  const path = attempt(() => mkdtempSync(join(tmpdir(), windows ? `${PREFIX}${pid}-` : PREFIX)), platform);
  const kubeconfig = join(path, 'kubeconfig');
  const cache = join(path, 'cache');
  const guard = watchOver(path, isAwaited ? kubeconfig : undefined, sources);
  let filled: FolderContent | undefined;
  let awaited: AwaitedFile | undefined;
  let isRemoved = false;
  const remove = (): void => {
    if (isRemoved) return;
    isRemoved = true;
    guard.watch(undefined);
    awaited?.close();
    if (filled !== undefined) removeLink(discoveryFolder(cache, filled.url));
    removeFolder(path, windows);
    guard.end();
  };
  const write = (content: FolderContent): void => {
    filled = content;
    try {
      attempt(() => {
        shareDiscovery(cache, content, sources.uid);
        if (isPipe(kubeconfig)) awaited = replacePipe(kubeconfig, content.kubeconfig);
        else writeFileSync(kubeconfig, content.kubeconfig, { mode: 0o600, flag: 'wx' });
      }, platform);
    } catch (error) {
      remove();
      throw error;
    }
  };
  const hasChanged = (): boolean => {
    const found = statSync(kubeconfig, { throwIfNoEntry: false });
    return found === undefined || readFileSync(kubeconfig, 'utf8') !== filled?.kubeconfig;
  };
  return { kubeconfig, cache, isAwaited: guard.hasPipe, write, hasChanged, guard: guard.watch, remove };
}

const isPipe = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFIFO() === true;

/** The system's folder for temporary files may be full, read-only, or missing. */
function attempt<T>(make: () => T, platform: Platform): T {
  try {
    return make();
  } catch (cause) {
    const why = systemErrorText(cause as Error);
    throw new UsageError('CannotMakeFolder', `cannot write a temporary kubeconfig in ${tmpdir()}: ${why}`, {
      cause,
      hint: `set ${isWindows(platform) ? 'TEMP' : 'TMPDIR'} to a folder that can be written; the command was not run`,
    });
  }
}

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
function shareDiscovery(cache: string, { url, server, kubectlCache }: FolderContent, uid: Runtime['uid']): void {
  const own = join(cache, 'discovery');
  const stored = discoveryFolder(kubectlCache, server);
  makeFolders(own, 0o700, MODULES);
  try {
    makeFolders(stored, 0o750, MODULES, uid);
    // The type counts on Windows alone: a junction needs no privilege there, a symbolic link does.
    symlinkSync(stored, discoveryFolder(cache, url), 'junction');
  } catch {
    // Then it is only slower.
  }
}
