import { setTimeout as sleep } from 'node:timers/promises';
import type { TestCluster } from '../cluster/cluster.ts';

/** Makes a namespace in which pods can start. */
export async function openNamespace(cluster: TestCluster, name: string): Promise<void> {
  const created = await cluster.call('POST', '/api/v1/namespaces', { body: { metadata: { name } } });
  if (created.status !== 201) throw new Error(`the namespace ${name}: ${created.status} ${created.body}`);
  // The controller manager makes both, and no pod starts without.
  for (const path of ['serviceaccounts/default', 'configmaps/kube-root-ca.crt']) {
    while ((await cluster.call('GET', `/api/v1/namespaces/${name}/${path}`)).status !== 200) await sleep(100);
  }
}
