import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { goEnvironment } from '../cluster/go.ts';

/** The last version of each minor one since tracing began that the Go proxy has; of some, the one that the tests run. */
export const SOURCE_VERSIONS: readonly string[] = [
  '1.22.17',
  '1.23.17',
  '1.24.17',
  '1.25.16',
  '1.26.15',
  '1.27.16',
  '1.28.15',
  '1.29.6',
  '1.30.14',
  '1.31.14',
  '1.32.13',
  '1.33.13',
  '1.34.4',
  '1.35.4',
  '1.36.1',
  '1.37.2',
];

/** The program that parses them. */
const cwd = fileURLToPath(new URL('sources', import.meta.url));

/** The flags and feature gates of tracing that kube-apiserver has by its sources, as the lines of its help. */
export async function flagsBySource(version: string): Promise<string> {
  const kubernetes = await downloaded(`k8s.io/kubernetes@v${version}`);
  const apiserver = await downloaded(`k8s.io/apiserver@v${version.replace(/^1/, '0')}`);
  return go(['run', '.', version, kubernetes, apiserver]);
}

/** The folder of a module's sources. */
async function downloaded(module: string): Promise<string> {
  const { Dir } = JSON.parse(await go(['mod', 'download', '-json', module])) as { Dir: string };
  return Dir;
}

async function go(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('go', args, { cwd, env: goEnvironment(process.env) });
  return stdout;
}
