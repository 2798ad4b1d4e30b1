import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestCluster } from '../cluster/cluster.ts';
import { container, deployment, pod, probe } from '../pods/manifests.ts';

const namespace = 'default';

const applied = (value: string): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: applied
data:
  color: ${value}
`;

/** Makes the objects and files that the commands are about. With a node, its pods are ready then. */
export async function makeScene(cluster: TestCluster, folder: string, hasNode: boolean): Promise<void> {
  const objects = [
    deployment(namespace, 'web', {
      containers: [container('web', ['serve', '8080'], { readinessProbe: probe('/ready') })],
    }),
    deployment(namespace, 'other', { containers: [container('web', ['serve', '8080'])] }, 0),
    pod(namespace, 'box', { containers: [container('box', ['sleep', '100h'])] }),
    pod(namespace, 'server', { containers: [container('server', ['serve', '8080'])] }),
    {
      path: `/api/v1/namespaces/${namespace}/configmaps`,
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'conf' }, data: { a: 'one', b: '3' } },
    },
    {
      path: `/api/v1/namespaces/${namespace}/configmaps`,
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: 'applied',
          annotations: {
            'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify({
              apiVersion: 'v1',
              data: { color: 'blue' },
              kind: 'ConfigMap',
              metadata: { annotations: {}, name: 'applied', namespace },
            })}\n`,
          },
        },
        data: { color: 'blue' },
      },
    },
  ];
  for (const { path, object } of objects) {
    const { status, body } = await cluster.call('POST', path, { body: object });
    if (status !== 201) throw new Error(`${path}: ${status} ${body}`);
  }
  writeFileSync(join(folder, 'applied.yaml'), applied('blue'));
  writeFileSync(join(folder, 'changed.yaml'), applied('green'));
  mkdirSync(join(folder, 'kustomization'));
  writeFileSync(join(folder, 'kustomization', 'kustomization.yaml'), 'resources: [applied.yaml]\nnamePrefix: new-\n');
  writeFileSync(join(folder, 'kustomization', 'applied.yaml'), applied('red'));
  if (hasNode) await untilReady(cluster);
}

async function untilReady(cluster: TestCluster): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const { body } = await cluster.call('GET', `/api/v1/namespaces/${namespace}/pods`);
    const { items } = JSON.parse(body) as { items: { status: { conditions?: { type: string; status: string }[] } }[] };
    const isReady = ({ status }: (typeof items)[number]): boolean =>
      status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
    if (items.length >= 3 && items.every(isReady)) return;
    await sleep(500);
  }
  throw new Error('the pods are not ready');
}
