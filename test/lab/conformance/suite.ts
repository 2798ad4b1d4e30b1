import { execFile } from 'node:child_process';
import { chmod, cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { defaultKubernetes, modules } from '../cluster/versions.ts';

/** Folders of Kubernetes' sources that its test of kubectl reads. */
const FOLDERS = [
  'hack/lib',
  'hack/testdata',
  'test/cmd',
  'test/e2e/testing-manifests',
  'test/fixtures',
  'third_party/forked/shell2junit',
];

/**
 * Copies Kubernetes' own test of kubectl out of Go's module cache, whose files cannot be written to: the test writes
 * into its working folder.
 */
export async function copySuite(root: string): Promise<void> {
  const source = await sourceFolder();
  for (const folder of FOLDERS) await cp(join(source, folder), join(root, folder), { recursive: true });
  await promisify(execFile)('chmod', ['-R', 'u+w', root]);
  // The files of a Go module are not executable.
  const plugins = join(root, 'test/fixtures/pkg/kubectl/plugins');
  for (const file of await readdir(plugins, { recursive: true, withFileTypes: true })) {
    if (file.isFile() && file.name.startsWith('kubectl-')) await chmod(join(file.parentPath, file.name), 0o755);
  }
}

async function sourceFolder(): Promise<string> {
  const name = `k8s.io/kubernetes@v${defaultKubernetes}`;
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', name], {
    cwd: `${modules}kubernetes`,
    env: { ...process.env, GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local', GOWORK: 'off' },
  });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

/** The test functions, in the order in which the suite runs them. */
export async function testFunctions(root: string): Promise<string[]> {
  const script = await readFile(join(root, 'test/cmd/legacy-script.sh'), 'utf8');
  return [...script.matchAll(/^ *record_command (run_\w+)$/gm)].map(([, name = '']) => name);
}
