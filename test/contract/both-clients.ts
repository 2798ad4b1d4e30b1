import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestCluster } from '../lab/cluster/cluster.ts';
import { kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { runKubectl } from './kubectl.ts';

export type Env = Readonly<Record<string, string>>;

/** Results of the two programs for the same arguments. */
export interface Both {
  readonly own: Outcome;
  readonly kubectl: Awaited<ReturnType<typeof runKubectl>>;
}

/** Our program and kubectl, with the same kubeconfig, environment and arguments. */
export async function runBoth(
  cluster: TestCluster,
  home: string,
  config: string,
  args: readonly string[],
  env: Env = {},
): Promise<Both> {
  const world = { KUBECONFIG: config, PATH: process.env['PATH'] ?? '', ...env };
  const kubectl = await runKubectl(cluster.binaries.kubectl, args, world);
  const own = await kubectlTrace(home, [...args, '--wait', '0', '-o', 'json'], { env: world });
  return { own, kubectl };
}

let files = 0;

/** A path below `home` that nothing has yet. */
export const newFile = (home: string, kind: string): string => join(home, `${kind}-${files++}`);

/** A kubeconfig with one cluster and one user. */
export function writeKubeconfig(cluster: TestCluster, home: string, user: object, clusterParts: object = {}): string {
  const file = newFile(home, 'kubeconfig');
  const authority = readFileSync(cluster.certificateAuthority).toString('base64');
  const server = { server: cluster.server, 'certificate-authority-data': authority, ...clusterParts };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: server }],
    users: [{ name: 'test', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
