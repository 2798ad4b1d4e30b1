import { revision, statefulSet, web } from '../manifests.ts';
import { count } from '../objects.ts';
import type { Workload } from '../workload.ts';

export const statefulSets: readonly Workload[] = [
  {
    name: 'stateful-set-ordered',
    says: 'A StatefulSet starts its pods one after the other, and is scaled down in the opposite order.',
    subject: statefulSet('stateful-set-ordered', { pod: web(['ready-after=4s']), more: { replicas: 3 } }),
    steps: [{ when: (view) => view.rolledOut(3), act: (actor) => actor.change({ replicas: 2 }) }],
    settled: (view) => view.rolledOut(2),
    ends: ['ready'],
    deletion: 'Foreground',
  },
  {
    name: 'stateful-set-parallel',
    says: 'A StatefulSet starts all its pods at once, and is rolled out again.',
    subject: statefulSet('stateful-set-parallel', {
      pod: web(['ready-after=3s']),
      more: { replicas: 3, podManagementPolicy: 'Parallel' },
    }),
    steps: [{ when: (view) => view.rolledOut(3), act: (actor) => actor.change(revision(2)) }],
    settled: (view) => view.rolledOut(3) && count(view.subject?.status, 'updatedReplicas') === 3,
    ends: ['ready'],
  },
  {
    name: 'stateful-set-partition',
    says: 'A StatefulSet with a partition updates its last pod alone.',
    subject: statefulSet('stateful-set-partition', {
      pod: web(),
      more: { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } },
    }),
    steps: [{ when: (view) => view.rolledOut(3), act: (actor) => actor.change(revision(2)) }],
    settled: (view) => view.rolledOut(3) && count(view.subject?.status, 'updatedReplicas') === 1,
    ends: ['ready'],
  },
  {
    name: 'stateful-set-on-delete',
    says: 'A StatefulSet that updates pods only when they are deleted keeps its old pods.',
    subject: statefulSet('stateful-set-on-delete', {
      pod: web(),
      more: { replicas: 2, updateStrategy: { type: 'OnDelete' } },
    }),
    steps: [{ when: (view) => view.ready(2), act: (actor) => actor.change(revision(2)) }],
    settled: (view) =>
      view.ready(2) && view.subject?.status?.['updateRevision'] !== view.subject?.status?.['currentRevision'],
    ends: ['ready'],
  },
];
