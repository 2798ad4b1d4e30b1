import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { installClients, type Client } from './clients.ts';
import { adminKubeconfig, programs, startServers, type SuiteServers } from './servers.ts';
import { copySuite, testFunctions } from './suite.ts';

/** How one test function ended with one client. */
export interface Result {
  readonly passed: boolean;
  readonly seconds: number;
  /** Commands whose requests were traced. */
  readonly traces: number;
  /** The file with its output. */
  readonly log: string;
}

export interface Conformance {
  /** The functions of the suite. */
  readonly functions: readonly string[];
  run(name: string, client: Client): Promise<Result>;
  close(): Promise<void>;
}

/** A function that takes longer has failed. The longest one takes about three minutes with kubectl alone. */
const MAX_MILLIS = 20 * 60_000;

/** Kubernetes' own test of kubectl, with separate servers for each client. `logs`: a folder for its output. */
export async function openConformance(logs: string): Promise<Conformance> {
  const paths = await programs();
  const root = await mkdtemp(join(tmpdir(), 'kubectl-trace-conformance-'));
  const servers = new Map<Client, Promise<SuiteServers>>();
  const begin = async (client: Client): Promise<SuiteServers> => {
    const started = await startServers(root, paths);
    await createNode(started, paths['kubectl']!);
    await mkdir(join(logs, client), { recursive: true });
    return started;
  };
  try {
    await copySuite(root);
    await installClients(root, paths);
    const functions = await testFunctions(root);
    return {
      functions,
      run: async (name, client) => {
        if (!servers.has(client)) servers.set(client, begin(client));
        return runFunction(name, client, {
          root,
          log: join(logs, client, `${name}.log`),
          servers: await servers.get(client)!,
        });
      },
      close: async () => {
        for (const started of servers.values()) await (await started).stop();
        await rm(root, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    throw error;
  }
}

interface Place {
  readonly root: string;
  readonly log: string;
  readonly servers: SuiteServers;
}

async function runFunction(name: string, client: Client, { root, log, servers }: Place): Promise<Result> {
  const home = await mkdtemp(join(servers.folder, 'home-'));
  const traces = join(home, 'traces');
  await mkdir(traces);
  await mkdir(join(home, '.kube'));
  // The suite expects the server's files in the temporary folder.
  await copyFile(join(servers.folder, 'apiserver.crt'), join(home, 'apiserver.crt'));
  await writeFile(join(home, '.kube', 'config'), JSON.stringify(adminKubeconfig(servers.port)), { mode: 0o600 });
  const output = createWriteStream(log);
  const started = performance.now();
  const child = spawn('bash', [fileURLToPath(new URL('run-function.sh', import.meta.url)), name], {
    cwd: root,
    // Programs that it leaves running end with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      TMPDIR: home,
      TERM: 'xterm',
      SECURE_API_PORT: String(servers.port),
      TRACE_CLIENT_OF_FUNCTION: client,
      TRACE_FOLDER: traces,
    },
  });
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  const end = (): void => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // All of them have ended.
    }
  };
  const timer = setTimeout(end, MAX_MILLIS);
  const passed = await new Promise<boolean>((resolve) => child.once('exit', (code) => resolve(code === 0)));
  clearTimeout(timer);
  end();
  output.end();
  await finished(output);
  const seconds = (performance.now() - started) / 1000;
  const result = { passed, seconds, traces: await countTraces(traces), log };
  await rm(home, { recursive: true, force: true });
  return result;
}

/** A command that sent nothing leaves its file empty. */
async function countTraces(folder: string): Promise<number> {
  let count = 0;
  for (const file of await readdir(folder)) {
    if ((await readFile(join(folder, file), 'utf8')).includes('"RequestTrace"')) count++;
  }
  return count;
}

/** The suite's cluster has one node, without a kubelet. */
async function createNode({ port, folder }: SuiteServers, kubectl: string): Promise<void> {
  const kubeconfig = join(folder, 'kubeconfig');
  const node = {
    kind: 'Node',
    apiVersion: 'v1',
    metadata: { name: '127.0.0.1', annotations: { 'save-managers': 'true' } },
    status: { capacity: { memory: '1Gi' } },
  };
  const child = spawn(kubectl, ['create', '--kubeconfig', kubeconfig, '-f', '-'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(JSON.stringify(node));
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`the node of port ${port} could not be created`);
}
