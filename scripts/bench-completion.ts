import { startCluster } from '../test/lab/cluster/cluster.ts';
import { CompletingUser } from '../test/support/completing.ts';
import { execute, median } from './bench/paired-runs.ts';

/**
 * `npm run bench:completion`: how long a shell waits after a key press, from the start of kubectl to its last choice, with
 * kubectl's discovery cache filled. The program is run by kubectl, as the shell does it. Ends with 1 where the median of a
 * line is over the limit.
 */
const ROUNDS = 30;
const LIMIT_MILLIS = 150;
const PODS = 300;

/** Words behind `kubectl trace`, how many choices are expected at least, and what they come from. */
const LINES: readonly (readonly [line: string, choices: number, source: string])[] = [
  ['', 40, 'the program'],
  ['get pods --', 50, 'the program'],
  ['get --metrics ', 3, 'the program'],
  ['show ', 1, 'the history'],
  ['get --context ', 2, 'the kubeconfig'],
  ['get ', 20, 'the discovery cache'],
  ['get -n ', 4, 'the cluster'],
  ['get namespaces kube-', 2, 'the cluster'],
  ['describe namespace kube-', 2, 'the cluster'],
  [`pod -n few web-`, 10, 'the cluster, 10 pods'],
  [`pod -n many web-`, PODS, `the cluster, ${PODS} pods`],
];

process.stderr.write('starting etcd, kube-apiserver and Jaeger\n');
const cluster = await startCluster();
const user = new CompletingUser(cluster.binaries.kubectl, 'kubectl-trace', { KUBECONFIG: cluster.kubeconfig });
try {
  await user.kubectl('trace', 'completion', '--install');
  await user.kubectl('trace', 'get', 'namespaces', '--wait', '0');
  await makePods('few', 10);
  await makePods('many', PODS);
  // Discovery is stored by then, and compiled code.
  for (const [line] of LINES) await user.offers('trace', ...line.split(' '));
  process.stdout.write(`kubectl trace … Tab, in ms (limit ${LIMIT_MILLIS})   median   slowest  from\n`);
  for (const [line, choices, source] of LINES) {
    const times = await measure(line, choices);
    const [middle, slowest] = [median(times), Math.max(...times)];
    if (middle > LIMIT_MILLIS) process.exitCode = 1;
    const figures = [middle, slowest].map((millis) => millis.toFixed(0).padStart(6)).join('    ');
    process.stdout.write(`${JSON.stringify(line).padEnd(44)} ${figures}   ${source}\n`);
  }
  const alone = await timesOf(['__complete', 'version', '']);
  process.stdout.write(`kubectl itself, without a plugin            ${median(alone).toFixed(0).padStart(7)}\n`);
} finally {
  await cluster.stop();
  user.remove();
}

/** Rejects where a line has fewer choices: then its time says nothing. */
async function measure(line: string, choices: number): Promise<number[]> {
  const words = ['trace', ...line.split(' ')];
  const { values } = await user.offers(...words);
  if (values.length < choices) throw new Error(`${line}: only ${values.length} choices`);
  return timesOf(['__complete', ...words]);
}

async function timesOf(args: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push((await execute({ command: cluster.binaries.kubectl, args, env: user.env })).millis);
  }
  return times;
}

async function makePods(namespace: string, count: number): Promise<void> {
  const create = async (path: string, object: object): Promise<void> => {
    const { status, body } = await cluster.call('POST', path, { body: { apiVersion: 'v1', ...object } });
    if (status !== 201) throw new Error(body);
  };
  await create('/api/v1/namespaces', { kind: 'Namespace', metadata: { name: namespace } });
  const below = `/api/v1/namespaces/${namespace}`;
  await create(`${below}/serviceaccounts`, { kind: 'ServiceAccount', metadata: { name: 'default' } });
  const spec = { containers: [{ name: 'web', image: 'web:1' }] };
  for (let index = 0; index < count; index++) {
    await create(`${below}/pods`, { kind: 'Pod', metadata: { name: `web-${index}` }, spec });
  }
}
