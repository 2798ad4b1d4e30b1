import { container, daemonSet, revision, web } from '../manifests.ts';
import { count } from '../objects.ts';
import type { Workload } from '../workload.ts';

export const daemonSets: readonly Workload[] = [
  {
    name: 'daemon-set-rolled-out',
    says: 'A DaemonSet is rolled out again: its old pod ends before the new one is created.',
    subject: daemonSet('daemon-set-rolled-out', { pod: web(['ready-after=3s']) }),
    steps: [{ when: (view) => view.rolledOut(1), act: (actor) => actor.change(revision(2)) }],
    settled: (view) => view.rolledOut(1),
    ends: ['ready'],
    deletion: 'Foreground',
  },
  {
    name: 'daemon-set-host-network',
    says: "A DaemonSet with a sidecar runs in the node's network and tolerates everything.",
    subject: daemonSet('daemon-set-host-network', {
      pod: {
        hostNetwork: true,
        tolerations: [{ operator: 'Exists' }],
        initContainers: [container('helper', ['sleep'], { restartPolicy: 'Always' })],
        containers: [container('agent', ['sleep'])],
      },
    }),
    settled: (view) => view.rolledOut(1),
    ends: ['ready'],
  },
  {
    name: 'daemon-set-no-node',
    says: 'A DaemonSet whose node selector fits no node wants no pods.',
    subject: daemonSet('daemon-set-no-node', { pod: { nodeSelector: { 'example.com/gpu': 'yes' }, ...web() } }),
    settled: ({ subject }) => count(subject?.status, 'observedGeneration') === 1,
    ends: ['succeeded', 'ready'],
  },
];
