import { setTimeout as sleep } from 'node:timers/promises';
import type { TestCluster } from '../cluster/cluster.ts';
import { namespace } from './namespace.ts';
import type { StoryRequest } from './stories.ts';

export const MERGE_PATCH = 'application/merge-patch+json';
export const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';

const group = 'record.test';

export const widgets = `/apis/${group}/v1/namespaces/${namespace}/widgets`;

export const widget = (name: string): StoryRequest => ({
  method: 'POST',
  path: widgets,
  body: { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name }, spec: { replicas: 1 } },
});

const replicas = { type: 'object', properties: { replicas: { type: 'integer' } } };

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `widgets.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: replicas, status: replicas } } },
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
      },
    ],
  },
};

/** A type of custom resources with both subresources, which is converted by nothing. Resolves when it is served. */
export async function defineWidgets(cluster: TestCluster): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const { status, body } = await cluster.call('POST', path, { body: definition });
  if (status !== 201) throw new Error(`POST ${path}: ${status} ${body}`);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if ((await cluster.call('GET', widgets)).status === 200) return;
    await sleep(100);
  }
  throw new Error('the API server does not serve widgets');
}
