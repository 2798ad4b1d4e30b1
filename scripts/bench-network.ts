import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCluster } from '../test/lab/cluster/cluster.ts';
import { storeMany } from '../test/support/many-objects.ts';
import { startRelay } from '../test/support/relay.ts';
import { gateway, limited } from './bench/impaired.ts';
import { accessesOf, type Access } from './bench/kubeconfigs.ts';
import { besideCurl } from './bench/beside-curl.ts';
import { PacketWatch } from './bench/packets.ts';
import { execute, median } from './bench/paired-runs.ts';
import { timeOf, type Document } from './bench/traced.ts';

/**
 * `npm run bench:network`: whether client, network and server are measured separately. First beside curl, which reports how
 * long TCP, TLS and the server took, on the same server and in turn; the packets of both say who is right. Then with
 * impairments whose truth is known. Ends with 1 when a promise is missed.
 */
const launcher = fileURLToPath(new URL('../bin/kubectl-trace', import.meta.url));
/** Runs with each impairment. */
const REPEATS = 5;
const PATH = '/api/v1/nodes?limit=500';

const home = await mkdtemp(join(tmpdir(), 'kubectl-trace-network-'));
process.stderr.write('starting etcd, kube-apiserver and Jaeger\n');
const cluster = await startCluster();
try {
  const accesses = accessesOf(cluster, home);
  process.stdout.write('medians of the time that network and server needed, in ms\n');
  const watch = await PacketWatch.open(cluster.ports.apiserver);
  const terms = { url: `${cluster.server}${PATH}`, watch, report };
  for (const access of accesses) {
    const traced = (): Promise<Document> => trace(access, ['get', 'nodes']);
    for (const version of ['1.1', '2'] as const) await besideCurl({ ...terms, access, version, trace: traced });
  }
  watch.close();
  const [token] = accesses;
  if (token !== undefined) await impaired(token);
} finally {
  await cluster.stop();
  await rm(home, { recursive: true, force: true });
}

async function trace(access: Access, args: readonly string[], ...more: readonly string[]): Promise<Document> {
  return documentOf(launcher, [...withBackend(args), ...more], access);
}

function withBackend(args: readonly string[]): readonly string[] {
  return [...args, '-o', 'json', '--backend', `jaeger=${cluster.backendURL}`];
}

async function documentOf(command: string, args: readonly string[], access: Access): Promise<Document> {
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: access.kubeconfig };
  return JSON.parse((await execute({ command, args, env })).stdout) as Document;
}

async function impaired(access: Access): Promise<void> {
  const list = ['get', '--raw', '/api/v1/nodes'];
  const slow = await startRelay(cluster.ports.apiserver, { delayMillis: 20 });
  const delayed = await repeated(() => trace(access, list, '--server', `https://127.0.0.1:${slow.port}`));
  // The relay makes the connection at once: TLS and the request are a round trip each.
  const network = medianOf(delayed, 'network');
  report('20 ms each way: network, truth 80 ms', millis(network), Math.abs(network - 80) <= 8);
  await slow.close();

  await underLoad(access, list);

  const unverified = ['--insecure-skip-tls-verify', '--certificate-authority', ''];
  const between = await gateway(cluster.server, 50);
  const through = await repeated(() => trace(access, list, '--server', between.server, ...unverified));
  const rest = medianOf(through, 'network-or-gateway');
  const isNamed = through.every(({ summary }) => summary.components[0]?.component === 'network-or-gateway');
  report('a gateway that takes 50 ms: network or gateway', millis(rest), rest >= 50 && isNamed);
  between.close();

  await storeMany(cluster, 'configmaps', 500, 10_000);
  const narrow = await limited(cluster.ports.apiserver, 1_000_000);
  const all = ['get', '--raw', '/api/v1/namespaces/default/configmaps', '--disable-compression'];
  const large = await repeated(() => trace(access, all, '--server', narrow.server));
  const shares = large.map((one) => timeOf(one, 'network') / one.command.durationNanos);
  const least = Math.min(...shares);
  report('5 MB at 1 MB/s: network, the least of five', `${(least * 100).toFixed(1)} % (at least 90)`, least >= 0.9);
  narrow.close();
}

/** The client shares one CPU with the load, and the server has the others: a server under load is slower itself. */
async function underLoad(access: Access, list: readonly string[]): Promise<void> {
  const onFirst = ['--cpu-list', '0'];
  const pinned = (): Promise<Document> => documentOf('taskset', [...onFirst, launcher, ...withBackend(list)], access);
  const before = await repeated(pinned);
  const load = Array.from({ length: 2 }, () => burn(onFirst));
  const loaded = await repeated(pinned);
  for (const child of load) child.kill();
  const [calm, busy] = [medianOf(before, 'client'), medianOf(loaded, 'client')];
  const [quiet, noisy] = [medianOf(before, 'network'), medianOf(loaded, 'network')];
  const words = `client ${millis(calm)} to ${millis(busy)}, network ${millis(quiet)} to ${millis(noisy)}`;
  report('a client under CPU load', words, busy > calm && noisy - quiet <= 1);
}

async function repeated(run: () => Promise<Document>): Promise<readonly Document[]> {
  const documents: Document[] = [];
  while (documents.length < REPEATS) documents.push(await run());
  return documents;
}

function medianOf(documents: readonly Document[], component: string): number {
  return median(documents.map((one) => timeOf(one, component) / 1e6));
}

function millis(time: number): string {
  return `${time.toFixed(1)} ms`;
}

function burn(where: readonly string[]): ChildProcess {
  return spawn('taskset', [...where, process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' });
}

function report(name: string, words: string, isMet: boolean): void {
  process.stdout.write(`${name.padEnd(52)}${words}  ${isMet ? 'met' : 'missed'}\n`);
  if (!isMet) process.exitCode = 1;
}
