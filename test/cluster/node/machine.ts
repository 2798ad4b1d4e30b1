import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the kubelet divides among pods; without one of them it does not start. */
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
  const refused = await answerOf('unshare', ['--mount', '--pid', '--fork', '--mount-proc', 'true'], env);
  if (refused !== undefined) return `a node needs namespaces of its own: ${refused}`;
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
  const has = (name: string): boolean =>
    unified === undefined ? existsSync(`/sys/fs/cgroup/${name}/tasks`) : unified.trim().split(' ').includes(name);
  const missing = controllers.find((name) => !has(name));
  return missing === undefined ? undefined : `a node needs the cgroup controller ${missing}`;
}
