import { container, deployment, pod } from '../manifests.ts';
import { stuck, type Story } from '../story.ts';

export const configurationStories: readonly Story[] = [
  {
    name: 'missing-config-map',
    says: 'A container takes its environment from a missing ConfigMap.',
    subject: pod('missing-config-map', 'web', {
      containers: [container('web', ['serve', '8080'], { envFrom: [{ configMapRef: { name: 'settings' } }] })],
    }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.waiting('CreateContainerConfigError'),
        verdict: stuck('ContainerCreate', 'MissingConfigMap', ['configmap', 'settings'], { names: ['web'] }),
      },
    ],
  },
  {
    name: 'missing-secret',
    says: 'A volume is to be made of a missing Secret.',
    subject: pod('missing-secret', 'web', {
      containers: [
        container('web', ['serve', '8080'], { volumeMounts: [{ name: 'certificates', mountPath: '/certificates' }] }),
      ],
      volumes: [{ name: 'certificates', secret: { secretName: 'web-tls' } }],
    }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.event('FailedMount'),
        verdict: stuck('Volumes', 'MissingSecret', ['secret', 'web-tls'], { names: ['certificates'] }),
      },
    ],
  },
  {
    name: 'missing-host-path',
    says: 'A volume is to be a missing folder of the node.',
    subject: pod('missing-host-path', 'web', {
      containers: [container('web', ['serve', '8080'], { volumeMounts: [{ name: 'data', mountPath: '/data' }] })],
      volumes: [{ name: 'data', hostPath: { path: '/srv/lab/data', type: 'Directory' } }],
    }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.event('FailedMount'),
        verdict: stuck('Volumes', 'VolumeMount', ['volume', 'data'], {
          owner: 'cluster-admin',
          names: ['/srv/lab/data'],
        }),
      },
    ],
  },
  {
    name: 'missing-service-account',
    says: 'The pods of a Deployment are to run as a missing service account.',
    subject: deployment('missing-service-account', 'web', {
      serviceAccountName: 'builder',
      containers: [container('web', ['serve', '8080'])],
    }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.event('FailedCreate'),
        verdict: stuck('Admission', 'MissingServiceAccount', ['serviceaccount', 'builder']),
      },
    ],
  },
  {
    name: 'unbound-claim',
    says: 'A pod uses a PersistentVolumeClaim without a provisioner.',
    before: [
      {
        path: '/api/v1/namespaces/unbound-claim/persistentvolumeclaims',
        object: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1Gi' } } },
        },
      },
    ],
    subject: pod('unbound-claim', 'database', {
      containers: [container('database', ['sleep'], { volumeMounts: [{ name: 'data', mountPath: '/data' }] })],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.condition('PodScheduled=False Unschedulable') && seen.event('FailedScheduling'),
        verdict: stuck('Scheduling', 'Unschedulable', ['persistentvolumeclaim', 'data'], { owner: 'cluster-admin' }),
      },
    ],
  },
];
