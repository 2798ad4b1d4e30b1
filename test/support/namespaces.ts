import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

// Root may make namespaces; other users only with a user namespace.
const unshare = ['unshare', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])] as const;

/** `ip` is where only root looks for programs. */
const withSystemPath = 'PATH="$PATH:/usr/sbin:/sbin"';

/**
 * The same command in its own network, which has only loopback: listening on 0.0.0.0 is not reachable from elsewhere.
 */
export function inOwnNetwork(command: Command): Command {
  return [...unshare, '--net', 'sh', '-c', `${withSystemPath}; ip link set lo up && exec "$@"`, 'sh', ...command];
}

/** The same command on a machine that is called `name`, as far as it can tell. */
export function onHost(name: string, command: Command): Command {
  return [...unshare, '--uts', 'sh', '-c', 'hostname "$0" && exec "$@"', name, ...command];
}

/** The same command with `root` as the root of its file system. */
export function inRoot(root: string, command: Command): Command {
  return [...unshare, '--mount', `--root=${root}`, '--', ...command];
}

/** As inRoot, with the processes of this machine in /proc, of which every program of Go reads its own path. */
export function inRootWithProcesses(root: string, command: Command): Command {
  const mounted = 'mount --rbind /proc "$0/proc" && exec unshare "--root=$0" -- "$@"';
  return [...unshare, '--mount', 'sh', '-c', mounted, root, ...command];
}

/** Why the above cannot be had on this machine; undefined where it can. */
export async function whyNoNamespaces(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  if (process.platform !== 'linux') return `namespaces need Linux, and this is ${process.platform}`;
  const [program, ...args] = onHost('trial', inOwnNetwork(['true']));
  return promisify(execFile)(program, args, { env }).then(
    () => undefined,
    (error: unknown) => `no namespaces of the test's own: ${String(error).trim().split('\n').at(-1)}`,
  );
}

/**
 * The `skip` option of `test`: the reason, if a developer's machine has no namespaces. CI must have them: there the
 * test runs, and fails.
 */
export async function unlessNamespaces(): Promise<string | false> {
  return process.env['CI'] === 'true' ? false : ((await whyNoNamespaces()) ?? false);
}
