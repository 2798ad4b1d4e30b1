import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executablesOf } from '../lab/cluster/build.ts';
import { createAuthority } from '../lab/cluster/certificate.ts';
import { startCluster, type ClusterOptions, type TestCluster } from '../lab/cluster/cluster.ts';
import { nodePrograms } from '../lab/cluster/node/versions.ts';

/** A test cluster whose kube-controller-manager signs client certificates, and ends namespaces. */
export interface SigningCluster {
  readonly cluster: TestCluster;
  stop(): Promise<void>;
}

/** The signer's authority replaces the cluster's for client certificates: the context `cert` does not work here. */
export async function startSigningCluster(options: ClusterOptions = {}): Promise<SigningCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-signer-'));
  const authority = createAuthority('signer');
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const certificate = await file('ca.crt', authority.certificate);
  const key = await file('ca.key', authority.key);
  const manager = nodePrograms.filter(({ name }) => name === 'kube-controller-manager');
  const { 'kube-controller-manager': program } = await executablesOf(manager, {});
  const cluster = await startCluster({ ...options, apiserverArgs: [`--client-ca-file=${certificate}`] });
  const kubeconfig = await file(
    'kubeconfig',
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'test', cluster: { server: cluster.server, 'certificate-authority': cluster.certificateAuthority } },
      ],
      users: [{ name: 'masters', user: { token: cluster.token('masters') } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'masters' } }],
      'current-context': 'test',
    }),
  );
  await cluster.launchBeside('kube-controller-manager', program!, [
    `--kubeconfig=${kubeconfig}`,
    `--cluster-signing-cert-file=${certificate}`,
    `--cluster-signing-key-file=${key}`,
    '--controllers=certificatesigningrequest-signing-controller,namespace-controller',
    '--leader-elect=false',
    '--secure-port=0',
  ]);
  return {
    cluster,
    stop: async () => {
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
