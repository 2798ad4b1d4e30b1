import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCluster } from '../test/lab/cluster/cluster.ts';
import { storeMany } from '../test/support/many-objects.ts';
import { startRelay } from '../test/support/relay.ts';
import { gateway, limited } from './bench/impaired.ts';
import { accessesOf, type Access } from './bench/kubeconfigs.ts';
import { execute, median } from './bench/paired-runs.ts';

/**
 * `npm run bench:network`: whether client, network and server are measured separately. First beside curl, which reports how
 * long TCP, TLS and the server took, on the same server and in turn. Then with impairments whose truth is known. Ends with 1 when
 * a promise is missed.
 */
const PAIRS = 20;
const launcher = fileURLToPath(new URL('../bin/kubectl-trace', import.meta.url));
const PATH = '/api/v1/nodes?limit=500';

interface Measured {
  readonly tcp: number;
  readonly tls: number;
  readonly server: number;
}

interface Document {
  readonly command: { readonly durationNanos: number };
  readonly requests: readonly { readonly phases: Phases; readonly clientPhases: Phases }[];
  readonly summary: { readonly components: readonly { readonly component: string; readonly nanos: number }[] };
}
type Phases = Readonly<Record<string, number | null>>;

const home = await mkdtemp(join(tmpdir(), 'kubectl-trace-network-'));
process.stderr.write('starting etcd, kube-apiserver and Jaeger\n');
const cluster = await startCluster();
try {
  const accesses = accessesOf(cluster, home);
  process.stdout.write('beside curl, medians of the time that network and server needed, in ms\n');
  for (const access of accesses) for (const version of ['1.1', '2']) await beside(access, version);
  const [token] = accesses;
  if (token !== undefined) await impaired(token);
} finally {
  await cluster.stop();
  await rm(home, { recursive: true, force: true });
}

/** One line for each of TCP, TLS and the server. */
async function beside(access: Access, version: string): Promise<void> {
  const pairs: (readonly [Measured, Measured])[] = [];
  const shares: number[] = [];
  for (let round = -2; round < PAIRS; round++) {
    const theirs = await curl(access, version);
    const document = await trace(access, ['get', 'nodes']);
    if (round < 0) continue;
    pairs.push([theirs, measuredOf(document)]);
    shares.push(timeOf(document, 'network') / document.command.durationNanos);
  }
  for (const part of ['tcp', 'tls', 'server'] as const) {
    const [theirs = NaN, ours = NaN] = [0, 1].map((side) => median(pairs.map((pair) => pair[side as 0 | 1][part])));
    const isMet = Math.abs(ours - theirs) <= Math.max(1, 0.25 * theirs);
    report(`${access.name}, HTTP/${version}: ${part}`, `curl ${theirs.toFixed(2)}, ours ${ours.toFixed(2)}`, isMet);
  }
  const share = median(shares);
  report(`${access.name}: network of get nodes`, `${(share * 100).toFixed(1)} % (at most 15)`, share <= 0.15);
}

async function curl(access: Access, version: string): Promise<Measured> {
  const format = '%{time_connect} %{time_appconnect} %{time_pretransfer} %{time_starttransfer}';
  const http = version === '2' ? '--http2' : '--http1.1';
  const args = ['-s', http, '-o', '/dev/null', '-w', format, ...access.curl, `${cluster.server}${PATH}`];
  const { stdout } = await execute({ command: 'curl', args, env: { PATH: process.env['PATH'] } });
  const [connect = NaN, secured = NaN, sent = NaN, first = NaN] = stdout.split(' ').map((text) => Number(text) * 1000);
  return { tcp: connect, tls: secured - connect, server: first - sent };
}

async function trace(access: Access, args: readonly string[], ...more: readonly string[]): Promise<Document> {
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: access.kubeconfig };
  const all = [...args, '-o', 'json', '--backend', `jaeger=${cluster.backendURL}`, ...more];
  return JSON.parse((await execute({ command: launcher, args: all, env })).stdout) as Document;
}

/** The server's time is all that is neither the client's nor the connection's, as curl has it. */
function measuredOf({ requests: [request], summary }: Document): Measured {
  const waited = (phase: string): number => ((request?.phases[phase] ?? 0) - (request?.clientPhases[phase] ?? 0)) / 1e6;
  const others = summary.components.filter(({ component }) => component !== 'client');
  const rest = others.reduce((sum, { nanos }) => sum + nanos, 0) / 1e6;
  const [tcp, tls] = [waited('connectNanos'), waited('tlsNanos')];
  return { tcp, tls, server: rest - tcp - tls };
}

function timeOf({ summary }: Document, component: string): number {
  return summary.components.find((one) => one.component === component)?.nanos ?? 0;
}

async function impaired(access: Access): Promise<void> {
  const list = ['get', '--raw', '/api/v1/nodes'];
  const slow = await startRelay(cluster.ports.apiserver, { delayMillis: 20 });
  const delayed = await trace(access, list, '--server', `https://127.0.0.1:${slow.port}`);
  // The relay makes the connection at once: TLS and the request are a round trip each.
  const network = timeOf(delayed, 'network') / 1e6;
  report('20 ms each way: network, truth 80 ms', `${network.toFixed(1)} ms`, Math.abs(network - 80) <= 8);
  await slow.close();

  const before = await trace(access, list);
  const load = Array.from({ length: availableParallelism() * 2 }, burn);
  const loaded = await trace(access, list);
  for (const child of load) child.kill();
  const times = [before, loaded].map((one) => [timeOf(one, 'client') / 1e6, timeOf(one, 'network') / 1e6]);
  const [[calm = 0, quiet = 0] = [], [busy = 0, noisy = 0] = []] = times;
  const words = `client ${calm.toFixed(1)} to ${busy.toFixed(1)} ms, network ${quiet.toFixed(1)} to ${noisy.toFixed(1)} ms`;
  report('a client under CPU load', words, busy > calm && noisy - quiet < busy - calm);

  const unverified = ['--insecure-skip-tls-verify', '--certificate-authority', ''];
  const between = await gateway(cluster.server, 50);
  const through = await trace(access, list, '--server', between.server, ...unverified);
  const rest = timeOf(through, 'network-or-gateway') / 1e6;
  const [largest] = through.summary.components;
  const isNamed = rest >= 50 && largest?.component === 'network-or-gateway';
  report('a gateway that takes 50 ms: network or gateway', `${rest.toFixed(1)} ms`, isNamed);
  between.close();

  await storeMany(cluster, 'configmaps', 500, 10_000);
  const narrow = await limited(cluster.ports.apiserver, 1_000_000);
  const all = ['get', '--raw', '/api/v1/namespaces/default/configmaps', '--disable-compression'];
  const large = await trace(access, all, '--server', narrow.server);
  const share = timeOf(large, 'network') / large.command.durationNanos;
  report('5 MB at 1 MB/s: network', `${(share * 100).toFixed(1)} % (at least 90)`, share >= 0.9);
  narrow.close();
}

function burn(): ChildProcess {
  return spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
}

function report(name: string, words: string, isMet: boolean): void {
  process.stdout.write(`${name.padEnd(52)}${words}  ${isMet ? 'met' : 'missed'}\n`);
  if (!isMet) process.exitCode = 1;
}
