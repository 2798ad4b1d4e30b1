import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterAPI } from '../lab/cluster/api.ts';
import type { TestCluster } from '../lab/cluster/cluster.ts';
import { apiserverArgs, type ClusterOptions } from '../lab/cluster/commands.ts';
import { freePorts } from '../lab/cluster/ports.ts';
import { onHost } from './namespaces.ts';

/**
 * Starts a second kube-apiserver on a cluster's etcd, as it runs on another host of the control plane: the servers
 * distinguish themselves by the hash of that host's name. Resolves with its address when it responds and the first one
 * knows it. It ends with the cluster. The options are those of its flags.
 */
export async function startSecondAPIServer(
  cluster: TestCluster,
  host: string,
  options: ClusterOptions = {},
): Promise<string> {
  const [port] = (await freePorts(1)) as [number];
  const args = apiserverArgs(cluster.folder, { ...cluster.ports, apiserver: port }, options);
  const [command, ...rest] = onHost(host, [cluster.binaries['kube-apiserver'], ...args]);
  await cluster.launchBeside('kube-apiserver-2', command, rest);
  const server = `https://127.0.0.1:${port}`;
  const api = new ClusterAPI(server, await readFile(cluster.certificateAuthority, 'utf8'));
  const isReady = async (): Promise<boolean> => {
    const { status } = await api.call('GET', '/readyz', { token: cluster.token('masters') });
    return status === 200 && (await hostsOf(cluster)).includes(host);
  };
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await isReady().catch(() => false)) return server;
    await sleep(100);
  }
  throw new Error(`the second kube-apiserver does not respond: ${await cluster.saveLogs()}`);
}

/** The hosts that hold a Lease as API servers. */
async function hostsOf(cluster: TestCluster): Promise<unknown[]> {
  const selector = 'labelSelector=apiserver.kubernetes.io/identity=kube-apiserver';
  const { body } = await cluster.call('GET', `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases?${selector}`);
  const { items } = JSON.parse(body) as { items: { metadata: { labels: Record<string, string> } }[] };
  return items.map(({ metadata }) => metadata.labels['kubernetes.io/hostname']);
}
