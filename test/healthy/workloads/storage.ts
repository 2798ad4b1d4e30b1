import { claimSpec, core, deployment, statefulSet, volumeFor, web } from '../manifests.ts';
import type { Workload } from '../workload.ts';

const mounted = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };

/** Workloads with claims. */
export const storage: readonly Workload[] = [
  {
    name: 'deployment-claim',
    says: 'The pod of a Deployment waits for its claim to be bound, and mounts it.',
    before: [core('deployment-claim', 'PersistentVolumeClaim', 'data', { spec: claimSpec('deployment-claim') })],
    subject: deployment('deployment-claim', {
      pod: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }], ...web([], mounted) },
      more: { strategy: { type: 'Recreate' } },
    }),
    steps: [
      {
        when: ({ pods }) => pods.length === 1,
        act: (actor) => actor.create(volumeFor('deployment-claim', 'data')),
      },
    ],
    settled: (view) => view.rolledOut(1),
    ends: ['ready'],
  },
  {
    name: 'stateful-set-claims',
    says: 'A StatefulSet of two pods, each with a claim of its template.',
    before: ['data-web-0', 'data-web-1'].map((claim) => volumeFor('stateful-set-claims', claim)),
    subject: statefulSet('stateful-set-claims', {
      pod: web([], mounted),
      more: {
        replicas: 2,
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claimSpec('stateful-set-claims') }],
      },
    }),
    settled: (view) => view.rolledOut(2),
    ends: ['ready'],
  },
];
