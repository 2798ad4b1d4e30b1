import { container, deployment } from '../manifests.ts';
import { stuck, type Story } from '../story.ts';
import { denyPods, webhookName } from '../webhook.ts';

const containers = [container('web', ['serve', '8080'], { resources: { requests: { memory: '64Mi' } } })];

export const admissionStories: readonly Story[] = [
  {
    name: 'quota',
    says: 'A quota refuses the pods of a Deployment.',
    before: [
      {
        path: '/api/v1/namespaces/quota/resourcequotas',
        object: {
          apiVersion: 'v1',
          kind: 'ResourceQuota',
          metadata: { name: 'small' },
          spec: { hard: { 'requests.memory': '32Mi' } },
        },
      },
    ],
    subject: deployment('quota', 'shop', { containers }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.event('FailedCreate'),
        verdict: stuck('Admission', 'QuotaExceeded', ['resourcequota', 'small'], {
          owner: 'cluster-admin',
          names: ['requests.memory'],
        }),
      },
    ],
  },
  {
    name: 'webhook',
    says: 'A webhook refuses the pods of a Deployment.',
    prepare: (node) => denyPods(node.cluster, 'webhook'),
    subject: deployment('webhook', 'shop', { containers }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.event('FailedCreate'),
        verdict: stuck('Admission', 'AdmissionDenied', ['webhook', webhookName], {
          owner: 'webhook',
          names: ['the image is not signed'],
        }),
      },
    ],
  },
];
