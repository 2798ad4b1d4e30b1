import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCluster } from '../test/lab/cluster/cluster.ts';
import { addedByProxy, type ProxiedCommand } from './bench/added-by-proxy.ts';

/**
 * `npm run bench:proxy`: what the proxy adds to a command of kubectl whose trace is not looked up. Both run in turn. The
 * median of the differences of neighbours counts; ends with 1 when it is more than promised by more than noise.
 */
const MAX_ADDED_MILLIS = 120;
const NOISE_MILLIS = 10;
const ROUNDS = 30;

const launcher = fileURLToPath(new URL('../bin/kubectl-trace', import.meta.url));
const home = await mkdtemp(join(tmpdir(), 'kubectl-trace-bench-'));
process.stderr.write('starting etcd, kube-apiserver and Jaeger\n');
const cluster = await startCluster();
try {
  const { kubectl } = cluster.binaries;
  const path = [dirname(kubectl), process.env['PATH']].join(delimiter);
  const env = { PATH: path, HOME: home, KUBECONFIG: cluster.kubeconfig };
  const context = ['--context', 'cert'];
  process.stdout.write(`\nkubectl alone and through the proxy, ${ROUNDS} pairs, medians:\n`);
  for (const { alone, behind } of [
    { alone: ['get', 'ns'], behind: (flags: string[]) => ['run', ...flags, '--', 'kubectl', 'get', 'ns'] },
    { alone: ['describe', 'ns', 'default'], behind: (flags: string[]) => [...flags, 'describe', 'ns', 'default'] },
  ]) {
    const isMet = await compare({
      kubectl: { command: kubectl, args: [...alone, ...context], env },
      traced: (file) => {
        const output = file === undefined ? [] : ['-o', 'json', '--trace-output', file];
        return { command: launcher, args: behind(['--wait', '0', ...context, ...output]), env };
      },
    });
    if (!isMet) process.exitCode = 1;
  }
} finally {
  await cluster.stop();
  await rm(home, { recursive: true, force: true });
}

/** Prints what the proxy adds, and where; false when that is more than is promised. */
async function compare(command: ProxiedCommand): Promise<boolean> {
  const { alone, behind, added, parts } = await addedByProxy(command, ROUNDS, home);
  const isMet = added <= MAX_ADDED_MILLIS + NOISE_MILLIS;
  const verdict = added <= MAX_ADDED_MILLIS ? 'met' : isMet ? 'within noise' : 'missed';
  process.stdout.write(`kubectl trace ${command.traced(undefined).args.join(' ')}\n`);
  for (const [text, millis] of [
    ['kubectl alone', alone],
    ['through trace', behind],
    [`the median of the differences; limit ${MAX_ADDED_MILLIS} ms: ${verdict}`, added],
    ...[...parts].map(([part, value]) => [`  ${part}`, value] as const),
  ] as const) {
    process.stdout.write(`${millis.toFixed(1).padStart(8)} ms  ${text}\n`);
  }
  return isMet;
}
