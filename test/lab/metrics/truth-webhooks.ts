import type { TestWebhookServer } from '../../support/webhook-server.ts';
import type { TestCluster } from '../cluster/cluster.ts';

/** A config map with this label is the webhook's business that its value names, and no other object is. */
export const WEBHOOK_LABEL = 'metrics.test/truth';

const SLEEPS = { name: 'sleeps.truth.test', type: 'mutating', sleepMillis: 350, label: 'sleeps' } as const;
const STOPS = { name: 'stops.truth.test', type: 'validating', sleepMillis: 0, label: 'stops' } as const;

/** Webhooks for the causes of slowness that are made on purpose. Resolves when the API server calls them. */
export async function configureTruths(cluster: TestCluster, webhooks: TestWebhookServer): Promise<void> {
  const all = [SLEEPS, STOPS];
  await webhooks.configure(
    cluster,
    all.map(({ label, ...webhook }) => ({
      ...webhook,
      resources: ['configmaps'],
      objectSelector: { matchLabels: { [WEBHOOK_LABEL]: label } },
    })),
  );
  for (const { name, label } of all) {
    const metadata = { name: 'trial', labels: { [WEBHOOK_LABEL]: label } };
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
    const path = '/api/v1/namespaces/default/configmaps?dryRun=All';
    await webhooks.untilCalled(name, () => cluster.call('POST', path, { body }));
  }
}
