import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { METRIC_NAMES } from '../src/tracing/source/metrics/stages.ts';
import { startCluster } from '../test/lab/cluster/cluster.ts';
import { execute, median, pairedRuns, type Program } from './bench/paired-runs.ts';

/**
 * `npm run bench:metrics`: how long the tree of the API server's metrics takes after the response, how much a user waits
 * who may not read them, and how much a reading costs the API server, which does not trace. Ends with 1 when a goal is
 * missed.
 */
const ROUNDS = 40;
const PRINTED_MILLIS = 150;
const REFUSED_MILLIS = 50;
const READS = 40;
const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

const launcher = fileURLToPath(new URL('../bin/kubectl-trace', import.meta.url));
const home = await mkdtemp(join(tmpdir(), 'kubectl-trace-metrics-'));
process.stderr.write('starting etcd, kube-apiserver and Jaeger\n');
const cluster = await startCluster({ apiserverTracing: false });
const authority = readFileSync(cluster.certificateAuthority);
const history = join(home, '.local', 'state', 'kubectl-trace', 'history');
const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: cluster.kubeconfig };
try {
  await allowViewing('nobody');
  await printed();
  await refused();
  await cost([], 'all metrics, as before Kubernetes 1.37');
  await cost(METRIC_NAMES, 'those that are named');
} finally {
  await cluster.stop();
  await rm(home, { recursive: true, force: true });
}

function program(args: readonly string[], exitCode = 0): Program {
  return { command: launcher, args, env, exitCode };
}

/** From the last byte of the response to the first of the tree, without a backend. */
async function printed(): Promise<void> {
  const times: number[] = [];
  for (let round = -3; round < ROUNDS; round++) {
    await rm(history, { recursive: true, force: true });
    const { firstOutputAt } = await execute(program(['get', 'namespaces', '--metrics=auto']));
    if (round >= 0) times.push(firstOutputAt - (await responseAt()));
  }
  report('from the response to the tree, --metrics=auto', median(times), PRINTED_MILLIS);
}

/** When the last response was complete, in milliseconds since the epoch, by the stored document. */
async function responseAt(): Promise<number> {
  const [file] = await readdir(history);
  const { command } = JSON.parse(readFileSync(join(history, file ?? ''), 'utf8')) as {
    command: { startTime: string; durationNanos: number };
  };
  const [, whole = '', fraction = ''] = /^(.*)\.(\d+)Z$/.exec(command.startTime) ?? [];
  return Date.parse(`${whole}Z`) + Number(`0.${fraction}`) * 1000 + command.durationNanos / 1e6;
}

/** With the right cached, and with a query for it each time. */
async function refused(): Promise<void> {
  const args = ['get', 'namespaces', '--context', 'nobody'];
  const without = program([...args, '--metrics=off'], 5);
  for (const [title, more] of [
    ['the right is cached', []],
    ['the right is queried', ['--metrics=auto']],
  ] as const) {
    const pairs = await pairedRuns(program([...args, ...more], 5), without, ROUNDS);
    const difference = median(pairs.map(([ours, other]) => ours - other));
    report(`more for a user who may not read them, ${title}`, difference, REFUSED_MILLIS);
  }
}

/** By the CPU time that the process of the API server reports, but for what it needs anyway. */
async function cost(names: readonly string[], title: string): Promise<void> {
  const query = names.map((name) => `name[]=${name}`).join('&');
  let bytes = 0;
  const used = async (work: () => Promise<void>): Promise<{ cpu: number; seconds: number }> => {
    const [before, start] = [await cpuSeconds(), performance.now()];
    await work();
    return { cpu: (await cpuSeconds()) - before, seconds: (performance.now() - start) / 1000 };
  };
  const busy = await used(async () => {
    for (let read = 0; read < READS; read++) bytes += (await get(`/metrics?${query}`, PROTOBUF)).length;
  });
  const idle = await used(() => new Promise((resolve) => setTimeout(resolve, 3000)));
  const own = busy.cpu - (idle.cpu / idle.seconds) * busy.seconds;
  const millis = (value: number): string => `${((value / READS) * 1000).toFixed(1)} ms`;
  process.stdout.write(
    `a reading costs the API server ${millis(own)} of CPU, takes ${millis(busy.seconds)} and has ${Math.round(bytes / READS / 1024)} KiB in gzip: ${title}\n`,
  );
}

async function cpuSeconds(): Promise<number> {
  const text = (await get('/metrics?name[]=process_cpu_seconds_total', 'text/plain', 'identity')).toString();
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1]);
}

/** The body as it came. */
function get(path: string, accept: string, encoding = 'gzip'): Promise<Buffer> {
  const headers = { accept, 'accept-encoding': encoding, authorization: `Bearer ${cluster.token('admin')}` };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, cluster.server), { ca: authority, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks)));
    });
    sent.on('error', reject).end();
  });
}

/** No controller aggregates the ClusterRole `view` in this cluster. */
async function allowViewing(name: string): Promise<void> {
  const apiGroup = 'rbac.authorization.k8s.io';
  const metadata = { name: 'viewer' };
  const create = (plural: string, kind: string, rest: object): Promise<unknown> =>
    cluster.call('POST', `/apis/${apiGroup}/v1/${plural}`, {
      body: { apiVersion: `${apiGroup}/v1`, kind, metadata, ...rest },
    });
  const rules = [{ apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] }];
  await create('clusterroles', 'ClusterRole', { rules });
  await create('clusterrolebindings', 'ClusterRoleBinding', {
    roleRef: { apiGroup, kind: 'ClusterRole', name: 'viewer' },
    subjects: [{ apiGroup, kind: 'User', name }],
  });
}

function report(what: string, millis: number, goal: number): void {
  const isMet = millis <= goal;
  if (!isMet) process.exitCode = 1;
  const verdict = `at most ${goal} ms: ${isMet ? 'met' : 'missed'}`;
  process.stdout.write(`${what.padEnd(66)}${`${millis.toFixed(1)} ms`.padStart(10)}  ${verdict}\n`);
}
