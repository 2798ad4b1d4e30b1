import { nodeName } from '../../cluster/node/commands.ts';
import { container, pod, probe } from '../manifests.ts';
import { stuck, type Story } from '../story.ts';

const containers = [container('web', ['serve', '8080'], { readinessProbe: probe('/ready') })];

export const nodeStories: readonly Story[] = [
  {
    name: 'broken-network',
    says: "The node's network plugin is gone, and no sandbox can be made.",
    alter: (node) => node.breakNetwork(),
    restore: (node) => node.mendNetwork(),
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
    says: 'A deleted pod has a finalizer that nobody takes away.',
    subject: pod('finalizer', 'web', { containers }, { finalizers: ['lab.test/backup'] }),
    afterwards: {
      when: (seen) => seen.condition('Ready=True'),
      act: async (node) => {
        const path = '/api/v1/namespaces/finalizer/pods/web';
        const { status, body } = await node.cluster.call('DELETE', path);
        if (status !== 200) throw new Error(`DELETE ${path}: ${status} ${body}`);
      },
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
    alter: (node) => node.end('kubelet'),
    restore: (node) => node.launch('kubelet'),
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
];
