import { setTimeout as sleep } from 'node:timers/promises';
import type { TestNode } from '../../cluster/node/node.ts';
import { container, pod } from '../manifests.ts';
import { stuck, type Moment, type Story, type TrueVerdict } from '../story.ts';

const containers = [container('web', ['serve', '8080'])];

function final(verdict: TrueVerdict): readonly Moment[] {
  return [
    {
      name: 'final',
      when: (seen) => seen.condition('PodScheduled=False Unschedulable') && seen.event('FailedScheduling'),
      verdict,
    },
  ];
}

async function setTaints(node: TestNode, taints: readonly object[]): Promise<void> {
  const path = `/api/v1/nodes/${node.name}`;
  const headers = { 'content-type': 'application/merge-patch+json' };
  const { status, body } = await node.cluster.call('PATCH', path, { headers, body: { spec: { taints } } });
  if (status !== 200) throw new Error(`PATCH ${path}: ${status} ${body}`);
}

/** Nodes that are registered and have no kubelet: to the scheduler they are as good as any. */
const spares = ['spare1', 'spare2'];

async function addSpares(node: TestNode): Promise<void> {
  for (const name of spares) {
    const spec = { taints: [{ key: 'reserved', value: 'batch', effect: 'NoSchedule' }] };
    const body = { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec };
    const { status, body: answer } = await node.cluster.call('POST', '/api/v1/nodes', { body });
    if (status !== 201) throw new Error(`POST /api/v1/nodes: ${status} ${answer}`);
  }
  // Every node begins with the taint "not-ready", which the controller of nodes takes away from one that says nothing.
  for (const name of spares) while ((await taintsOf(node, name)).join() !== 'reserved') await sleep(100);
}

async function taintsOf(node: TestNode, name: string): Promise<string[]> {
  const { body } = await node.cluster.call('GET', `/api/v1/nodes/${name}`);
  const { spec } = JSON.parse(body) as { spec: { taints?: { key: string }[] } };
  return (spec.taints ?? []).map(({ key }) => key);
}

async function removeSpares(node: TestNode): Promise<void> {
  for (const name of spares) await node.cluster.call('DELETE', `/api/v1/nodes/${name}`);
}

export const schedulingStories: readonly Story[] = [
  {
    name: 'unschedulable-resources',
    says: 'A pod requests more CPU than any node has.',
    subject: pod('unschedulable-resources', 'web', {
      containers: [container('web', ['serve', '8080'], { resources: { requests: { cpu: '512' } } })],
    }),
    moments: final(
      stuck('Scheduling', 'Unschedulable', ['resource', 'cpu'], {
        owner: 'cluster-admin',
        names: ['Insufficient cpu'],
      }),
    ),
  },
  {
    name: 'unschedulable-selector',
    says: 'A pod requires a node with a label that no node has.',
    subject: pod('unschedulable-selector', 'web', { nodeSelector: { disk: 'nvme' }, containers }),
    moments: final(stuck('Scheduling', 'Unschedulable', ['label', 'disk=nvme'])),
  },
  {
    name: 'unschedulable-taint',
    says: 'Every node has a taint that the pod does not tolerate.',
    alone: true,
    prepare: async (node) => {
      await setTaints(node, [{ key: 'reserved', value: 'batch', effect: 'NoSchedule' }]);
      return () => setTaints(node, []);
    },
    subject: pod('unschedulable-taint', 'web', { containers }),
    moments: final(stuck('Scheduling', 'Unschedulable', ['taint', 'reserved'])),
  },
  {
    name: 'unschedulable-mixed',
    says: 'One node has too little CPU for a pod, and two have a taint.',
    alone: true,
    prepare: async (node) => {
      await addSpares(node);
      return () => removeSpares(node);
    },
    subject: pod('unschedulable-mixed', 'web', {
      containers: [container('web', ['serve', '8080'], { resources: { requests: { cpu: '512' } } })],
    }),
    moments: [
      {
        name: 'final',
        // The scheduler may look at the pod before it knows of every node; with each it looks again.
        when: (seen) => seen.condition('PodScheduled=False Unschedulable') && seen.told('0/3 nodes are available'),
        verdict: stuck('Scheduling', 'Unschedulable', ['taint', 'reserved'], {
          names: ['1 Insufficient cpu', '2 node(s)', '3 nodes'],
        }),
      },
    ],
  },
  {
    name: 'scheduling-gate',
    says: 'A scheduling gate keeps the scheduler away from a pod.',
    subject: pod('scheduling-gate', 'web', { schedulingGates: [{ name: 'lab.test/reviewed' }], containers }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.condition('PodScheduled=False SchedulingGated'),
        verdict: stuck('Scheduling', 'SchedulingGated', ['gate', 'lab.test/reviewed']),
      },
    ],
  },
];
