import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestWebhookServer } from '../../support/webhook-server.ts';
import type { TestCluster } from '../cluster/cluster.ts';

/** The objects that a command needs. */
export interface Stage {
  /** Makes it as it was, after each run. */
  reset(): Promise<unknown>;
  stop(): Promise<void>;
}

const PATH = '/api/v1/namespaces/default/configmaps';
const WEBHOOK = { name: 'inject.example.com', type: 'mutating', resources: ['configmaps'], sleepMillis: 180 } as const;
const WEB = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { colour: 'blue' } };

/** A config map in `web.json`, and a webhook that is called for it. */
export async function withWebhook(cluster: TestCluster, folder: string): Promise<Stage> {
  writeFileSync(join(folder, 'web.json'), JSON.stringify(WEB));
  const webhooks = new TestWebhookServer();
  await webhooks.start();
  await webhooks.configure(cluster, [WEBHOOK]);
  await webhooks.untilCalled(WEBHOOK.name, () => cluster.call('POST', `${PATH}?dryRun=All`, { body: WEB }));
  return { reset: () => cluster.call('DELETE', `${PATH}/web`), stop: () => webhooks.stop() };
}
