import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCluster, type TestCluster } from '../test/lab/cluster/cluster.ts';
import { accessesOf } from './bench/kubeconfigs.ts';
import { median, pairedRuns, type Program } from './bench/paired-runs.ts';
import { startUpParts } from './bench/start-up-parts.ts';
import { withCheckout } from './commits/checkout.ts';
import { makeExecutable } from './release/executable.ts';
import { ownTarget } from './release/targets.ts';

/**
 * `npm run bench:start-up [-- COMMIT]`: how long a user waits with each kind of kubeconfig, as npm's package and as an
 * executable, in multiples of what kubectl takes; with COMMIT also in multiples of what that commit takes. Both of a
 * comparison run in turn, and the median of the ratios of neighbours counts. Ends with 1 when a goal is missed by more
 * than noise.
 */
const ROUNDS = 40;
const NOISE = 0.05;
/** A commit may be slower than another by this much. */
const SLOWER = 1.05;

/** A program, and the ratios that are promised for it: of version and help, and of a get by its kind of kubeconfig. */
interface Candidate {
  readonly name: string;
  readonly launcher: string;
  readonly version: number;
  readonly get: Readonly<Record<string, number>>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-bench-'));
process.stderr.write('starting etcd, kube-apiserver and Jaeger\n');
const cluster = await startCluster();
try {
  const npm: Candidate = {
    name: 'npm package',
    launcher: join(root, 'bin/kubectl-trace'),
    version: 0.7,
    get: { token: 1.6, certificate: 1.6, 'exec plugin': 1.8, insecure: 1.8 },
  };
  const executable = await ownExecutable();
  process.stdout.write(`${'multiples of kubectl (medians of pairs)'.padEnd(54)}ours      kubectl   ratio  goal\n`);
  for (const candidate of executable === undefined ? [npm] : [npm, executable]) await besideKubectl(candidate, cluster);
  await inParts(npm);
  const [commit] = process.argv.slice(2);
  if (commit !== undefined) await withCheckout(commit, (there) => besideCommit(commit, there));
} finally {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Made of the built program; undefined where none is made on this platform. */
async function ownExecutable(): Promise<Candidate | undefined> {
  if (ownTarget === undefined) return undefined;
  const launcher = join(folder, 'kubectl-trace');
  await makeExecutable(ownTarget, join(root, 'dist'), launcher);
  const get = { token: 1.4, certificate: 1.4, 'exec plugin': 1.6, insecure: 1.6 };
  return { name: 'executable', launcher, version: 0.6, get };
}

async function besideKubectl({ name, launcher, version, get }: Candidate, { binaries }: TestCluster): Promise<void> {
  const kubectlVersion = program(binaries.kubectl, ['version', '--client'], name);
  // For orientation: no program that Node.js runs starts faster.
  report(
    'Node.js alone: version',
    undefined,
    await measure(program(process.execPath, ['-e', '0'], name), kubectlVersion),
  );
  for (const flag of ['version', '--help']) {
    report(`${name}: ${flag}`, version, await measure(program(launcher, [flag], name), kubectlVersion));
  }
  for (const access of accessesOf(cluster, folder)) {
    const config = { KUBECONFIG: access.kubeconfig };
    const ours = program(launcher, ['get', 'ns', '--wait', '0'], name, config);
    const theirs = program(binaries.kubectl, ['get', 'ns'], name, config);
    report(`${name}: get ns --wait 0, ${access.name}`, get[access.name] ?? NaN, await measure(ours, theirs));
  }
}

/** Where the time of a get goes, with a client certificate. */
async function inParts({ name, launcher }: Candidate): Promise<void> {
  const access = accessesOf(cluster, folder).find((one) => one.name === 'certificate');
  const args = ['get', 'ns', '--wait', '0'];
  const config = access && { KUBECONFIG: access.kubeconfig };
  const parts = await startUpParts(program(launcher, [...args, '-o', 'json'], name, config), ROUNDS / 2);
  process.stdout.write(`\nkubectl trace ${args.join(' ')}, in parts (medians):\n`);
  for (const [part, millis] of parts) process.stdout.write(`${millis.toFixed(1).padStart(8)} ms  ${part}\n`);
}

async function besideCommit(commit: string, there: string): Promise<void> {
  execFileSync(process.execPath, ['scripts/build.ts'], { cwd: there, stdio: ['ignore', 'ignore', 'inherit'] });
  for (const access of accessesOf(cluster, folder)) {
    const [ours, theirs] = [root, there].map((place, index) =>
      program(join(place, 'bin/kubectl-trace'), ['get', 'ns', '--wait', '0'], `commit ${index}`, {
        KUBECONFIG: access.kubeconfig,
      }),
    ) as [Program, Program];
    report(`get ns --wait 0, ${access.name}, beside ${commit}`, SLOWER, await measure(ours, theirs));
  }
}

/** Each has a separate home, so that no other program's history or compiled code is in the way. */
function program(command: string, args: readonly string[], home: string, more: NodeJS.ProcessEnv = {}): Program {
  const path = join(folder, home.replaceAll(' ', '-'));
  mkdirSync(path, { recursive: true });
  return { command, args, env: { PATH: process.env['PATH'], HOME: path, ...more } };
}

interface Measured {
  readonly ratio: number;
  readonly ours: number;
  readonly theirs: number;
}

async function measure(ours: Program, theirs: Program): Promise<Measured> {
  const pairs = await pairedRuns(ours, theirs, ROUNDS);
  return {
    ratio: median(pairs.map(([one, other]) => one / other)),
    ours: median(pairs.map(([one]) => one)),
    theirs: median(pairs.map(([, other]) => other)),
  };
}

/** Without a goal the comparison is for orientation only. */
function report(name: string, goal: number | undefined, { ratio, ours, theirs }: Measured): void {
  const times = [ours, theirs].map((millis) => `${millis.toFixed(1)} ms`.padEnd(10)).join('');
  const verdict = goal === undefined ? '' : `${goal.toFixed(2)} ${verdictOf(ratio, goal)}`;
  process.stdout.write(`${name.padEnd(54)}${times}${ratio.toFixed(2).padEnd(7)}${verdict}`.trimEnd() + '\n');
  if (verdict.endsWith('missed')) process.exitCode = 1;
}

function verdictOf(ratio: number, goal: number): string {
  return ratio <= goal ? 'met' : ratio <= goal + NOISE ? 'within noise' : 'missed';
}
