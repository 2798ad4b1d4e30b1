import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { executable } from '../cluster/build.ts';
import { cachedExecutable } from '../cluster/cache.ts';
import { earlierEtcds, kubernetesVersions, serversOf, type Program } from '../cluster/versions.ts';
import { tracingFlagsIn } from './help.ts';
import { flagsBySource, SOURCE_VERSIONS } from './source.ts';

/**
 * Records the lines on tracing in the help of kube-apiserver and etcd, version by version, as
 * test/fixtures/flags/PROGRAM-VERSION.txt.
 *
 *     npm run record:flags            # builds etcd where it is missing; records what is built of Kubernetes
 *     npm run record:flags -- etcd-3.7 # of one program or version
 *     npm run record:flags -- --all   # builds the missing versions of kube-apiserver too, some minutes each
 *
 * The same lines by the sources of Kubernetes, also of versions that are not built, are recorded into its folder sources/.
 */
const folder = new URL('../../fixtures/flags/', import.meta.url);

const etcds = [...earlierEtcds, ...serversOf().filter(({ name }) => name === 'etcd')];
const apiservers = kubernetesVersions.flatMap((version) =>
  serversOf(version).filter(({ name }) => name === 'kube-apiserver'),
);

async function isBuilt(program: Program): Promise<boolean> {
  return existsSync(await cachedExecutable(program, process.env));
}

async function record(program: Program): Promise<void> {
  const path = await executable(program);
  const { stdout, stderr } = await promisify(execFile)(path, ['--help'], { maxBuffer: 4 * 1024 * 1024 });
  const flags = tracingFlagsIn(`${stdout}${stderr}`);
  if (flags === '') throw new Error(`the help of ${program.name} ${program.version} has no flag of tracing`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${program.name}-${program.version}.txt`, folder), flags);
  process.stdout.write(`${program.name} ${program.version}: ${flags.split('\n').length - 1} lines\n`);
}

async function recordSource(version: string): Promise<void> {
  const name = `kube-apiserver-${version}`;
  const flags = await flagsBySource(version);
  mkdirSync(new URL('sources/', folder), { recursive: true });
  writeFileSync(new URL(`sources/${name}.txt`, folder), flags);
  process.stdout.write(`${name} by its sources: ${flags.split('\n').length - 1} lines\n`);
}

const words = process.argv.slice(2);
const buildsAll = words.includes('--all');
const names = words.filter((word) => !word.startsWith('--'));
const isWanted = ({ name, version }: Pick<Program, 'name' | 'version'>): boolean =>
  names.length === 0 || names.some((word) => `${name}-${version}`.startsWith(word));
for (const program of etcds.filter(isWanted)) await record(program);
for (const program of apiservers.filter(isWanted)) {
  if (buildsAll || (await isBuilt(program))) await record(program);
  else process.stdout.write(`${program.name} ${program.version}: not built (--all)\n`);
}
for (const version of SOURCE_VERSIONS) {
  if (isWanted({ name: 'kube-apiserver', version })) await recordSource(version);
}
