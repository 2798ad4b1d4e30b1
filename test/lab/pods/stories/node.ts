import { nodeName } from '../../cluster/node/commands.ts';
import type { TestNode } from '../../cluster/node/node.ts';
import { container, pod, probe } from '../manifests.ts';
import { stuck, type Story } from '../story.ts';

const containers = [container('web', ['serve', '8080'], { readinessProbe: probe('/ready') })];

async function remove(node: TestNode, path: string): Promise<void> {
  const { status, body } = await node.cluster.call('DELETE', path);
  if (status !== 200) throw new Error(`DELETE ${path}: ${status} ${body}`);
}

export const nodeStories: readonly Story[] = [
  {
    name: 'broken-network',
    says: "The node's network plugin is gone, and no sandbox can be made.",
    alone: true,
    prepare: async (node) => {
      await node.breakNetwork();
      return () => node.mendNetwork();
    },
    subject: pod('broken-network', 'web', { containers }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.event('FailedCreatePodSandBox'),
        verdict: stuck('Sandbox', 'Network', ['network', nodeName], {
          owner: 'cluster-admin',
          names: ['failed to find plugin "bridge"'],
        }),
      },
    ],
  },
  {
    name: 'finalizer',
    says: 'A deleted pod has a finalizer that no controller removes.',
    subject: pod('finalizer', 'web', { containers }, { finalizers: ['lab.test/backup'] }),
    afterwards: {
      when: (seen) => seen.condition('Ready=True'),
      act: (node) => remove(node, '/api/v1/namespaces/finalizer/pods/web'),
    },
    moments: [
      {
        name: 'final',
        when: ({ pods }) =>
          pods.some(({ metadata, status }) => metadata.deletionTimestamp !== undefined && status.phase === 'Succeeded'),
        lasting: 63,
        verdict: stuck('Termination', 'Finalizer', ['finalizer', 'lab.test/backup'], { proven: false }),
      },
    ],
  },
  {
    name: 'dead-kubelet',
    says: 'A pod is bound to a node whose kubelet has ended.',
    alone: true,
    prepare: async (node) => {
      await node.end('kubelet');
      return () => node.launch('kubelet');
    },
    subject: pod('dead-kubelet', 'web', { containers, tolerations: [{ operator: 'Exists' }] }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.condition('PodScheduled=True'),
        lasting: 63,
        verdict: stuck('Sandbox', 'KubeletSilent', ['kubelet', nodeName], { owner: 'cluster-admin', proven: false }),
      },
    ],
  },
  {
    name: 'lost-node',
    says: 'The kubelet of a node ends under a pod that was Ready.',
    subject: pod('lost-node', 'web', { containers, tolerations: [{ operator: 'Exists' }] }),
    afterwards: { when: (seen) => seen.condition('Ready=True'), act: (node) => node.end('kubelet') },
    alone: true,
    prepare: (node) => Promise.resolve(() => node.launch('kubelet')),
    moments: [
      {
        name: 'final',
        // Written by the node controller when a kubelet has been silent for 50 s.
        when: (seen) => seen.condition('Ready=False') && seen.event('NodeNotReady'),
        lasting: 63,
        verdict: stuck('Running', 'KubeletSilent', ['kubelet', nodeName], { owner: 'cluster-admin', proven: false }),
      },
    ],
  },
];
