import { execFile } from 'node:child_process';
import { access, mkdir, readFile, rmdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { canHaveRunc } from './runc.ts';

const run = promisify(execFile);

/** Cgroup controllers that the kubelet divides among pods; without one of them it does not start. */
const controllers = ['cpu', 'cpuset', 'memory', 'pids'];

/** Why this machine cannot run a node, in a few words; undefined where it can. */
export async function whyNoNode(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  if (process.platform !== 'linux') return `a node needs Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'a node needs root';
  for (const [tool, args] of [
    ['ip', ['-V']],
    ['nsenter', ['--version']],
    ['mount', ['--version']],
  ] as const) {
    if ((await answerOf(tool, args, env)) !== undefined) return `a node needs the program ${tool}`;
  }
  if (!canHaveRunc(env)) return 'a node needs runc, or apt-get and dpkg to fetch it with';
  // In namespaces, so that nothing of the trial is left.
  const trial = ['--mount', '--pid', '--net', '--fork', '--mount-proc', 'ip', 'link', 'add', 'trial', 'type', 'bridge'];
  const refused = await answerOf('unshare', trial, env);
  if (refused !== undefined) return `a node needs its own namespaces and bridge: ${refused}`;
  return missingController();
}

async function answerOf(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return run(program, args, { env }).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1),
  );
}

/** In version 2 they are listed at the root of the one hierarchy; in version 1 each is mounted by its name. */
async function missingController(): Promise<string | undefined> {
  const unified = await readFile('/sys/fs/cgroup/cgroup.controllers', 'utf8').catch(() => undefined);
  for (const name of controllers) {
    if (unified !== undefined && !unified.trim().split(' ').includes(name)) return lacks(name);
    const folder = unified === undefined ? `/sys/fs/cgroup/${name}` : '/sys/fs/cgroup';
    if (!(await canMakeIn(folder))) return lacks(name);
  }
  return undefined;
}

const lacks = (controller: string): string =>
  `a node needs the cgroup controller ${controller}, and to make cgroups in it`;

async function canMakeIn(folder: string): Promise<boolean> {
  const trial = `${folder}/kubectl-trace-trial-${process.pid}`;
  try {
    await access(`${folder}/cgroup.procs`);
    await mkdir(trial);
    await rmdir(trial);
    return true;
  } catch {
    return false;
  }
}
