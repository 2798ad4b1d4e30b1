import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { executable } from '../lab/cluster/build.ts';
import { modules, requiredVersion, stamp, stripped, type Program } from '../lab/cluster/versions.ts';

/** Reads files with the Go types of kind and Cluster API, strictly. */
const readers: Program = {
  name: 'setup-files',
  version: '1',
  module: fileURLToPath(new URL('../lab/cluster/programs/setup-files', import.meta.url)),
  package: '.',
  ldflags: stripped,
  expected: '2 to 4 minutes',
  variable: 'KUBECTL_TRACE_TEST_SETUP_FILES',
};

/** `kubeadm config validate` reads with kubeadm's own types, strictly. */
function kubeadm(folder: 'kubeadm' | 'kubeadm-1.32'): Program {
  const version = requiredVersion(folder, 'k8s.io/kubernetes');
  return {
    name: 'kubeadm',
    version,
    module: `${modules}${folder}`,
    package: 'k8s.io/kubernetes/cmd/kubeadm',
    ldflags: `${stripped} ${stamp(version)}`,
    expected: '1 to 3 minutes',
    variable: `KUBECTL_TRACE_TEST_KUBEADM${folder === 'kubeadm' ? '' : '_1_32'}`,
  };
}

/** Built before the tests. */
export const setupReaders: readonly Program[] = [readers, kubeadm('kubeadm'), kubeadm('kubeadm-1.32')];

/** Output of a reader. */
interface Read {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Reads a file as kind, or as Cluster API in one of its versions. */
export const readAs = async (type: string, text: string): Promise<Read> => run(await executable(readers), [type], text);

/** Reads a file as kubeadm, which needs it to have a name. 1.32 reads v1beta3 and v1beta4. */
export async function readAsKubeadm(version: '1.37' | '1.32', text: string): Promise<Read> {
  const program = await executable(kubeadm(version === '1.37' ? 'kubeadm' : 'kubeadm-1.32'));
  // It opens the file by its name, which a pipe of Node.js does not have.
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-kubeadm-'));
  try {
    await writeFile(join(folder, 'kubeadm.yaml'), text);
    return await run(program, ['config', 'validate', '--config', join(folder, 'kubeadm.yaml')], '');
  } finally {
    await rm(folder, { recursive: true });
  }
}

function run(program: string, args: readonly string[], input: string): Promise<Read> {
  return new Promise((resolve) => {
    const child = execFile(program, args, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, stdout, stderr });
    });
    child.stdin!.on('error', () => undefined).end(input);
  });
}
