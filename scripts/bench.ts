import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCluster } from '../test/lab/cluster/cluster.ts';
import { median, pairedRuns, type Program } from './bench/paired-runs.ts';
import { startUpParts } from './bench/start-up-parts.ts';

/**
 * `npm run bench`: how long a user waits, in multiples of what kubectl takes for the same. Both run in turn, and what
 * counts is the median of the ratios of neighbours, so that a machine that is busy for a while harms both. Ends with 1
 * when a goal is missed by more than noise.
 */
interface Comparison {
  readonly program: Program;
  readonly kubectl: Program;
  /** The ratio that is promised; undefined for what is shown for orientation only. */
  readonly goal?: number;
}

const NOISE = 0.07;
const ROUNDS = 40;

const launcher = fileURLToPath(new URL('../bin/kubectl-trace', import.meta.url));
const home = await mkdtemp(join(tmpdir(), 'kubectl-trace-bench-'));
process.stderr.write('starting etcd, kube-apiserver and Jaeger\n');
const cluster = await startCluster();
try {
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: cluster.kubeconfig };
  const program = (command: string, ...args: string[]): Program => ({ command, args, env });
  const kubectlVersion = program(cluster.binaries.kubectl, 'version', '--client');
  const getArguments = ['get', 'ns', '--wait', '0', '--context', 'cert'];
  const comparisons: readonly Comparison[] = [
    { program: program(process.execPath, '-e', '0'), kubectl: kubectlVersion },
    { program: program(launcher, 'version'), kubectl: kubectlVersion, goal: 0.7 },
    { program: program(launcher, '--help'), kubectl: kubectlVersion, goal: 0.7 },
    {
      program: program(launcher, ...getArguments),
      kubectl: program(cluster.binaries.kubectl, 'get', 'ns', '--context', 'cert'),
      goal: 1.6,
    },
  ];
  process.stdout.write(`${line('', 'ours', 'kubectl', 'ratio', 'goal')}\n`);
  for (const comparison of comparisons) {
    if (!(await compare(comparison))) process.exitCode = 1;
  }
  const parts = await startUpParts(program(launcher, ...getArguments, '-o', 'json'), ROUNDS / 2);
  process.stdout.write(`\nkubectl trace ${getArguments.join(' ')}, in parts (medians):\n`);
  for (const [part, millis] of parts) process.stdout.write(`${millis.toFixed(1).padStart(8)} ms  ${part}\n`);
} finally {
  await cluster.stop();
  await rm(home, { recursive: true, force: true });
}

// These start separate clusters; alone they are `npm run bench:proxy` and `npm run bench:metrics`.
await import('./bench-proxy.ts');
await import('./bench-metrics.ts');

// These need no cluster; alone they are `npm run bench:spans` and `npm run bench:pods`.
await import('./bench-spans.ts');
await import('./bench-pods.ts');

/** Prints one line; false when a goal is missed. */
async function compare({ program, kubectl, goal }: Comparison): Promise<boolean> {
  const pairs = await pairedRuns(program, kubectl, ROUNDS);
  const ratio = median(pairs.map(([ours, theirs]) => ours / theirs));
  const isMet = goal === undefined || ratio <= goal + NOISE;
  const verdict =
    goal === undefined ? '' : `${goal.toFixed(2)} ${ratio <= goal ? 'met' : isMet ? 'within noise' : 'missed'}`;
  const times = [0, 1].map((side) => `${median(pairs.map((pair) => pair[side as 0 | 1])).toFixed(1)} ms`);
  const name = [program.command.replace(/^.*\//, ''), ...program.args]
    .join(' ')
    .replace('kubectl-trace', 'kubectl trace');
  process.stdout.write(`${line(name, times[0] ?? '', times[1] ?? '', ratio.toFixed(2), verdict)}\n`);
  return isMet;
}

function line(name: string, ours: string, kubectl: string, ratio: string, goal: string): string {
  return `${name.padEnd(50)}${ours.padStart(10)}${kubectl.padStart(10)}${ratio.padStart(7)}  ${goal}`.trimEnd();
}
