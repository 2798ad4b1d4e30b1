import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../runtime.ts';

/** A folder that is there for one command. */
export interface ThrowAwayFolder {
  /** The kubeconfig in it. */
  readonly kubeconfig: string;
  /** For KUBECACHEDIR. */
  readonly cache: string;
  /** Removes it with everything in it. Never rejects. */
  remove(): Promise<void>;
}

/** What is put into the folder. */
export interface FolderContent {
  readonly kubeconfig: string;
  /** The proxy's URL, and that of the API server, whose types kubectl has stored under its name. */
  readonly url: string;
  readonly server: string;
  /** kubectl's own cache folder. */
  readonly kubectlCache: string;
}

/** Makes the folder, which only its owner may enter. It is gone after the command, even if this process is killed. */
export async function makeFolder(content: FolderContent, env: Environment): Promise<ThrowAwayFolder> {
  const path = await mkdtemp(join(tmpdir(), 'kubectl-trace-'));
  const guard = watchOver(path, env);
  const kubeconfig = join(path, 'kubeconfig');
  const cache = join(path, 'cache');
  const remove = async (): Promise<void> => {
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
    guard();
  };
  try {
    await writeFile(kubeconfig, content.kubeconfig, { mode: 0o600, flag: 'wx' });
    await shareDiscovery(cache, content);
  } catch (error) {
    await remove();
    throw error;
  }
  return { kubeconfig, cache, remove };
}

/**
 * kubectl stores the server's types by the server's address. Under the proxy's it would find none, ask each time, and
 * leave them behind; so the proxy's name leads to what is stored under the server's, and the command sends what it would
 * have sent without a proxy. Where there are no symbolic links, it asks.
 */
async function shareDiscovery(cache: string, { url, server, kubectlCache }: FolderContent): Promise<void> {
  const own = join(cache, 'discovery');
  const stored = join(kubectlCache, 'discovery', storedName(server));
  await mkdir(own, { recursive: true, mode: 0o700 });
  try {
    await mkdir(stored, { recursive: true, mode: 0o750 });
    await symlink(stored, join(own, storedName(url)), 'dir');
  } catch {
    // Then it is only slower.
  }
}

/** As kubectl names the folder of a server (cli-runtime pkg/genericclioptions/config_flags.go, computeDiscoverCacheDir). */
const storedName = (server: string): string => server.replace(/^https?:\/\//, '').replace(/[^\w/.()]/g, '_');

/**
 * A shell that waits until its input ends, be it that this process is killed, and then removes the folder. What is
 * returned ends it.
 */
function watchOver(path: string, env: Environment): () => void {
  // Windows has no such shell. There the folder stays when this process is killed, with a token that opens nothing.
  if (platform() === 'win32') return () => {};
  // Of its own session: a Ctrl-C in the terminal is not for it.
  const shell = spawn('/bin/sh', ['-c', 'read -r _; rm -rf -- "$1"', 'sh', path], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...env },
    cwd: '/',
  });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  if ('unref' in shell.stdin && typeof shell.stdin.unref === 'function') shell.stdin.unref();
  return () => shell.stdin.end();
}
