import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestCluster } from '../cluster/cluster.ts';

/** What etcd takes in one transaction by itself: 128 operations, 1.5 MiB. */
const OPERATIONS = 100;

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/**
 * Puts ConfigMaps into the namespace "default", with so many bytes of text each. They are written where the API server
 * stores them, and resolves when it knows of all: through the API server, 5000 of them take half a minute.
 */
export async function storeConfigMaps(cluster: TestCluster, count: number, bytes: number): Promise<void> {
  const text = 'x'.repeat(bytes);
  const put = (index: number): object => {
    const name = nameOf(index);
    const metadata = { name, namespace: 'default', uid: randomUUID(), creationTimestamp: '2026-11-23T08:00:00Z' };
    const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata, data: { text } };
    const key = base64(`/registry/configmaps/default/${name}`);
    return { requestPut: { key, value: base64(JSON.stringify(object)) } };
  };
  for (let first = 0; first < count; first += OPERATIONS) {
    const success = Array.from({ length: Math.min(OPERATIONS, count - first) }, (_, index) => put(first + index));
    const answer = await fetch(`http://127.0.0.1:${cluster.ports.etcd}/v3/kv/txn`, {
      method: 'POST',
      body: JSON.stringify({ success }),
    });
    if (!answer.ok) throw new Error(`etcd: ${answer.status} ${await answer.text()}`);
  }
  await untilCounted(cluster, count);
}

/**
 * What is written in one transaction has one revision, so that the API server's cache takes itself for up to date when it
 * has seen the first of a transaction's objects: it never writes several by itself.
 */
async function untilCounted(cluster: TestCluster, count: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { body } = await cluster.call('GET', '/api/v1/namespaces/default/configmaps?limit=1');
    const { metadata } = JSON.parse(body) as { metadata: { remainingItemCount?: number } };
    if (1 + (metadata.remainingItemCount ?? 0) >= count) return;
    await sleep(100);
  }
  throw new Error(`the API server does not know of ${count} ConfigMaps`);
}

const nameOf = (index: number): string => `many-${String(index).padStart(6, '0')}`;
