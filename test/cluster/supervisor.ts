import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The process that owns a cluster's servers and its folder. It ends the servers and removes the folder when its parent
 * asks for it or is gone: the channel between them closes also when the parent is killed with SIGKILL, on any system.
 */

export interface StartServer {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Appended to. */
  readonly log: string;
}

export type Order = { readonly id: number } & ({ readonly start: StartServer } | { readonly end: string });

export type Report =
  | { readonly folder: string }
  | { readonly id: number; readonly pid?: number; readonly error?: string }
  | { readonly ended: string; readonly how: string };

/** kube-apiserver needs about 5 s for an orderly end. */
const graceMillis = 10_000;

const running = new Map<string, ChildProcess>();

function report(message: Report): void {
  if (process.connected) process.send?.(message, () => {});
}

function start({ name, command, args, env, log }: StartServer): Promise<number> {
  const output = openSync(log, 'a', 0o600);
  const server = spawn(command, args, { env, stdio: ['ignore', output, output] });
  closeSync(output);
  if (server.pid !== undefined) running.set(name, server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('spawn', () => resolve(server.pid!));
    server.once('exit', (code, signal) => {
      running.delete(name);
      report({ ended: name, how: signal ?? `exit status ${code}` });
    });
  });
}

async function end(name: string): Promise<void> {
  const server = running.get(name);
  if (server === undefined) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  // A stopped process gets its SIGTERM only when it goes on.
  if (process.platform !== 'win32') server.kill('SIGCONT');
  const timer = setTimeout(() => server.kill('SIGKILL'), graceMillis);
  await ended;
  clearTimeout(timer);
}

let shuttingDown = false;

/** The last one started first: kube-apiserver's orderly end needs etcd. */
async function shutDown(folder: string): Promise<void> {
  if (shuttingDown) return;
  shuttingDown = true;
  for (const name of [...running.keys()].reverse()) await end(name);
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
}

const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-cluster-'));
await mkdir(join(folder, 'logs'));
process.on('disconnect', () => void shutDown(folder));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void shutDown(folder));
process.on('message', (order: Order) => {
  const work = 'start' in order ? start(order.start) : end(order.end);
  work.then(
    (pid) => report(pid === undefined ? { id: order.id } : { id: order.id, pid }),
    (error: unknown) => report({ id: order.id, error: String(error) }),
  );
});
report({ folder });
if (!process.connected) await shutDown(folder);
