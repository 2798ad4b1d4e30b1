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

/**
 * From the first SIGTERM to SIGKILL. kube-apiserver usually ends within 1 s to 5 s; without its collector of traces it
 * would go on trying to export for longer than that, and nobody waits for those spans any more.
 */
const graceMillis = 6_000;

/** In the order in which they were started for the first time; undefined for one that has ended. */
const servers = new Map<string, ChildProcess | undefined>();

function report(message: Report): void {
  if (process.connected) process.send?.(message, () => {});
}

function start({ name, command, args, env, log }: StartServer): Promise<number> {
  const output = openSync(log, 'a', 0o600);
  const server = spawn(command, args, { env, stdio: ['ignore', output, output] });
  closeSync(output);
  if (server.pid !== undefined) servers.set(name, server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('spawn', () => resolve(server.pid!));
    server.once('exit', (code, signal) => {
      servers.set(name, undefined);
      report({ ended: name, how: signal ?? `exit status ${code}` });
    });
  });
}

async function end(name: string, deadline = Date.now() + graceMillis): Promise<void> {
  const server = servers.get(name);
  if (server === undefined) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  // A stopped process gets its SIGTERM only when it goes on.
  if (process.platform !== 'win32') server.kill('SIGCONT');
  const timer = setTimeout(() => server.kill('SIGKILL'), Math.max(deadline - Date.now(), 500));
  await ended;
  clearTimeout(timer);
}

let shuttingDown = false;

/** The last one started first: what it needs for an orderly end is still there. */
async function shutDown(folder: string): Promise<void> {
  if (shuttingDown) return;
  shuttingDown = true;
  const deadline = Date.now() + graceMillis;
  for (const name of [...servers.keys()].reverse()) await end(name, deadline);
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
