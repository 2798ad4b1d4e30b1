import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestCluster } from '../lab/cluster/cluster.ts';

/** Limits of one transaction of etcd: 128 operations, 1.5 MiB. */
const OPERATIONS = 100;

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The kinds of object that there can be many of, with this many bytes of text. */
const KINDS = {
  configmaps: (text: string, name: string): object => ({ kind: 'ConfigMap', data: { text }, ...about(name) }),
  events: (text: string, name: string): object => ({
    kind: 'Event',
    message: text,
    involvedObject: { kind: 'Node', name: 'demo-node' },
    ...about(name),
  }),
};

const about = (name: string): object => ({
  apiVersion: 'v1',
  metadata: { name, namespace: 'default', uid: randomUUID(), creationTimestamp: '2026-11-23T08:00:00Z' },
});

/**
 * Puts objects into the namespace "default", with this many bytes of text each. They are written where the API server
 * stores them, and resolves when it knows of all: through the API server, 5000 of them take half a minute.
 */
export async function storeMany(
  cluster: TestCluster,
  resource: keyof typeof KINDS,
  count: number,
  bytes: number,
): Promise<void> {
  const text = 'x'.repeat(bytes);
  const put = (index: number): object => {
    const name = nameOf(index);
    const key = base64(`/registry/${resource}/default/${name}`);
    return { requestPut: { key, value: base64(JSON.stringify(KINDS[resource](text, name))) } };
  };
  for (let first = 0; first < count; first += OPERATIONS) {
    const success = Array.from({ length: Math.min(OPERATIONS, count - first) }, (_, index) => put(first + index));
    const answer = await fetch(`http://127.0.0.1:${cluster.ports.etcd}/v3/kv/txn`, {
      method: 'POST',
      body: JSON.stringify({ success }),
    });
    if (!answer.ok) throw new Error(`etcd: ${answer.status} ${await answer.text()}`);
  }
  await untilCounted(cluster, resource, count);
}

/**
 * One transaction has one revision, so the API server's cache considers itself up to date when it has seen the first of
 * the objects: the API server never writes several objects in one transaction.
 */
async function untilCounted(cluster: TestCluster, resource: string, count: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { body } = await cluster.call('GET', `/api/v1/namespaces/default/${resource}?limit=1`);
    const { metadata } = JSON.parse(body) as { metadata: { remainingItemCount?: number } };
    if (1 + (metadata.remainingItemCount ?? 0) >= count) return;
    await sleep(100);
  }
  throw new Error(`the API server does not know of ${count} ${resource}`);
}

const nameOf = (index: number): string => `many-${String(index).padStart(6, '0')}`;
