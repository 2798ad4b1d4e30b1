import { claimSpec, core, deployment, statefulSet, volumeFor, web } from '../manifests.ts';
import type { Workload } from '../workload.ts';

const mounted = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };

/** Workloads with claims. */
export const storage: readonly Workload[] = [
  {
    name: 'deployment-claim',
    says: 'The pod of a Deployment waits until the provisioner has made a volume for its claim.',
    before: [
      {
        path: '/apis/storage.k8s.io/v1/storageclasses',
        object: {
          apiVersion: 'storage.k8s.io/v1',
          kind: 'StorageClass',
          metadata: { name: 'deployment-claim' },
          provisioner: 'disks.example.com',
        },
      },
      core('deployment-claim', 'PersistentVolumeClaim', 'data', { spec: claimSpec('deployment-claim') }),
    ],
    subject: deployment('deployment-claim', {
      pod: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }], ...web([], mounted) },
      more: { strategy: { type: 'Recreate' } },
    }),
    steps: [
      {
        // The scenario is the provisioner, and takes as long as one of a cloud.
        when: (view) => view.all('Event').some(({ reason }) => reason === 'ExternalProvisioning'),
        lasting: 6,
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
