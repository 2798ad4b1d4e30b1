import { registryHost } from '../cluster/node/commands.ts';
import type { StoryObject } from './story.ts';

export const image = `${registryHost}/lab:1`;

/** A container of the test image, or of another, in Kubernetes' own words. */
export function container(name: string, args: readonly string[], more: object = {}): object {
  return { name, image, args, ...more };
}

export function pod(namespace: string, name: string, spec: object, metadata: object = {}): StoryObject {
  return {
    path: `/api/v1/namespaces/${namespace}/pods`,
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, ...metadata },
      // The containers end on SIGTERM; if one does not, no test waits half a minute for it.
      spec: { terminationGracePeriodSeconds: 5, ...spec },
    },
  };
}

/** An object that makes pods, in a collection that is named after its kind. */
export function workload(namespace: string, apiVersion: string, kind: string, name: string, spec: object): StoryObject {
  return {
    path: `/apis/${apiVersion}/namespaces/${namespace}/${kind.toLowerCase()}s`,
    object: { apiVersion, kind, metadata: { name }, spec },
  };
}

export function deployment(namespace: string, name: string, spec: object, replicas = 1): StoryObject {
  const labels = { app: name };
  return workload(namespace, 'apps/v1', 'Deployment', name, {
    replicas,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 5, ...spec } },
  });
}

/** A probe of the test program's own responses. */
export function probe(path: '/ready' | '/healthy', more: object = {}): object {
  return { httpGet: { path, port: 8080 }, periodSeconds: 1, ...more };
}
