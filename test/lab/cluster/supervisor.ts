import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The process that owns servers, or compilers, and a temporary folder. It ends the processes and removes the folder
 * when its parent requests it or is gone: the channel between them also closes when the parent is killed with SIGKILL,
 * on any system.
 */

export interface StartServer {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Appended to. */
  readonly log: string;
}

/** A program that removes what servers leave behind outside the folder; it has to end soon. */
export interface CleanUp {
  readonly command: string;
  readonly args: readonly string[];
}

export type Order = { readonly id: number } & (
  | { readonly start: StartServer }
  | { readonly end: string }
  | { readonly awaitEnd: string }
  | { readonly afterwards: CleanUp }
);

/** Its `how` is the signal or the exit status that a process ended with. */
export type Report =
  | { readonly folder: string }
  | { readonly id: number; readonly pid?: number; readonly how?: string; readonly error?: string }
  | { readonly ended: string; readonly how: string };

/**
 * Time from the first SIGTERM to SIGKILL. kube-apiserver usually ends within 1 s to 5 s. Without its collector of
 * traces it would try to export for longer, and those spans are no longer needed.
 */
const graceMillis = 6_000;

interface Server {
  readonly process: ChildProcess;
  readonly ended: Promise<string>;
}

/** In the order in which they were started for the first time. */
const servers = new Map<string, Server>();

function report(message: Report): void {
  if (process.connected) process.send?.(message, () => {});
}

function start({ name, command, args, env, cwd, log }: StartServer): Promise<{ pid: number }> {
  const output = openSync(log, 'a', 0o600);
  // Its own process group, to be signalled with all its children: go runs compilers.
  const server = spawn(command, args, { env, cwd, detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('spawn', () => resolve({ pid: server.pid! }));
    if (server.pid === undefined) return;
    const ended = new Promise<string>((resolveEnd) => {
      server.once('exit', (code, signal) => resolveEnd(signal ?? `exit status ${code}`));
    });
    servers.set(name, { process: server, ended });
    void ended.then((how) => report({ ended: name, how }));
  });
}

async function awaitEnd(name: string): Promise<{ how: string }> {
  const server = servers.get(name);
  if (server === undefined) throw new Error(`${name} was never started`);
  return { how: await server.ended };
}

async function end(name: string, deadline = Date.now() + graceMillis): Promise<{ how: string }> {
  const server = servers.get(name)?.process;
  if (server === undefined || server.exitCode !== null || server.signalCode !== null) return awaitEnd(name);
  signalGroup(server, 'SIGTERM');
  // A stopped process gets its SIGTERM only when it goes on.
  if (process.platform !== 'win32') signalGroup(server, 'SIGCONT');
  const timer = setTimeout(() => signalGroup(server, 'SIGKILL'), Math.max(deadline - Date.now(), 500));
  const answer = await awaitEnd(name);
  clearTimeout(timer);
  return answer;
}

function signalGroup(server: ChildProcess, signal: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    server.kill(signal);
    return;
  }
  try {
    process.kill(-server.pid!, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Run when every server has ended, the last one first. */
const cleanUps: CleanUp[] = [];

function cleanUp({ command, args }: CleanUp): Promise<void> {
  return new Promise((resolve) => {
    spawn(command, args, { stdio: 'ignore' })
      .once('exit', () => resolve())
      .once('error', () => resolve());
  });
}

async function follow(order: Order): Promise<{ pid?: number; how?: string }> {
  if ('start' in order) return start(order.start);
  if ('afterwards' in order) {
    cleanUps.push(order.afterwards);
    return {};
  }
  return 'end' in order ? end(order.end) : awaitEnd(order.awaitEnd);
}

let shuttingDown = false;

/** The last one started first: what it needs for an orderly end is still there. */
async function shutDown(folder: string): Promise<void> {
  if (shuttingDown) return;
  shuttingDown = true;
  const deadline = Date.now() + graceMillis;
  for (const name of [...servers.keys()].reverse()) await end(name, deadline);
  for (const each of cleanUps.reverse()) await cleanUp(each);
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
}

const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-cluster-'));
await mkdir(join(folder, 'logs'));
process.on('disconnect', () => void shutDown(folder));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void shutDown(folder));
process.on('message', (order: Order) => {
  follow(order).then(
    (answer) => report({ id: order.id, ...answer }),
    (error: unknown) => report({ id: order.id, error: String(error) }),
  );
});
report({ folder });
if (!process.connected) await shutDown(folder);
