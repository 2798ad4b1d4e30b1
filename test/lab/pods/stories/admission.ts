import type { TestNode } from '../../cluster/node/node.ts';
import { TestWebhookServer } from '../../../support/webhook-server.ts';
import { container, deployment, pod } from '../manifests.ts';
import { stuck, type Story } from '../story.ts';

const containers = [container('web', ['serve', '8080'], { resources: { requests: { memory: '64Mi' } } })];

const webhookName = 'signatures.lab.test';
const refusal = 'the image is not signed';

/** Starts a webhook that refuses every pod of the app `gallery`; resolves when it does. */
async function refuseGallery({ cluster }: TestNode, namespace: string): Promise<() => Promise<void>> {
  const server = new TestWebhookServer();
  await server.start();
  const labels = { app: 'gallery' };
  await server.configure(cluster, [
    {
      name: webhookName,
      type: 'validating',
      resources: ['pods'],
      sleepMillis: 0,
      refusal,
      objectSelector: { matchLabels: labels },
    },
  ]);
  const trial = pod(namespace, 'trial', { containers }, { labels });
  await server.untilCalled(webhookName, () => cluster.call('POST', `${trial.path}?dryRun=All`, { body: trial.object }));
  return () => server.stop();
}

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
    prepare: (node) => refuseGallery(node, 'webhook'),
    subject: deployment('webhook', 'gallery', { containers }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.event('FailedCreate'),
        verdict: stuck('Admission', 'AdmissionDenied', ['webhook', webhookName], {
          owner: 'webhook',
          names: [refusal],
        }),
      },
    ],
  },
];
