import type { Story, StoryRequest } from './stories.ts';
import { namespace } from './namespace.ts';
import { podWithLog, recordedNode } from './kubelet.ts';
import { widgets, widget, MERGE_PATCH, STRATEGIC_PATCH } from './widgets.ts';

/** Versions whose traces of these stories are known: those with a server that the lab has anyway. */
export const cachedMinors: readonly number[] = [32, 34, 36, 37];

const core = `/api/v1/namespaces/${namespace}`;
const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;

const get = (path: string): StoryRequest => ({ method: 'GET', path });

const story = (
  name: string,
  request: Story['request'],
  prepare?: Story['prepare'],
  contexts: Story['contexts'] = ['admin'],
): Story => ({ name, contexts, minors: cachedMinors, request, ...(prepare !== undefined && { prepare }) });

const account = (name: string): StoryRequest[] => [
  { method: 'POST', path: `${core}/serviceaccounts`, body: { metadata: { name } } },
];

function token(name: string, boundTo?: string): StoryRequest {
  const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name: boundTo };
  return {
    method: 'POST',
    path: `${core}/serviceaccounts/${name}/token`,
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 3600, ...(boundTo !== undefined && { boundObjectRef }) },
    },
  };
}

const containers = [{ name: 'main', image: 'image' }];

function deployment(name: string): StoryRequest[] {
  const labels = { deployment: name };
  const template = { metadata: { labels }, spec: { containers } };
  const spec = { replicas: 0, selector: { matchLabels: labels }, template };
  return [{ method: 'POST', path: deployments, body: { metadata: { name }, spec } }];
}

const pod = (name: string, more = {}): StoryRequest[] => [
  { method: 'POST', path: `${core}/pods`, body: { metadata: { name }, spec: { containers, ...more } } },
];
const scheduled = (name: string): StoryRequest[] => pod(name, { nodeName: recordedNode });

const removePod = (name: string, query = ''): StoryRequest => ({
  method: 'DELETE',
  path: `${core}/pods/${name}${query}`,
});

const patch = (path: string, body: unknown): StoryRequest => ({
  method: 'PATCH',
  path,
  contentType: MERGE_PATCH,
  body,
});

/** Subresources, custom resources, and paths that are no resources. */
export const typeStories: readonly Story[] = [
  story('token', (object) => token(object), account),
  story(
    'token-bound',
    (object) => token(object, object),
    (object) => [...account(object), { method: 'POST', path: `${core}/secrets`, body: { metadata: { name: object } } }],
  ),
  story('token-absent', (object) => token(object)),
  story('token-forbidden', (object) => token(object), account, ['nobody']),
  story('status-get', (object) => get(`${deployments}/${object}/status`), deployment),
  story(
    'status-patch',
    (object) => patch(`${deployments}/${object}/status`, { status: { observedGeneration: 1 } }),
    deployment,
  ),
  story('scale-get', (object) => get(`${deployments}/${object}/scale`), deployment),
  story('scale-patch', (object) => patch(`${deployments}/${object}/scale`, { spec: { replicas: 1 } }), deployment),
  story(
    'debug-patch',
    (object) => ({
      method: 'PATCH',
      path: `${core}/pods/${object}/ephemeralcontainers`,
      contentType: STRATEGIC_PATCH,
      body: { spec: { ephemeralContainers: [{ name: 'debug', image: 'image' }] } },
    }),
    (object) => pod(object),
  ),
  story('delete-pod', (object) => removePod(object), scheduled),
  story('delete-pod-forced', (object) => removePod(object, '?gracePeriodSeconds=0'), scheduled),
  story(
    'delete-pod-unscheduled',
    (object) => removePod(object),
    (object) => pod(object),
  ),
  story('log', () => get(`${core}/pods/${podWithLog}/log`)),
  story('custom-list', () => get(widgets)),
  story(
    'custom-get',
    (object) => get(`${widgets}/${object}`),
    (object) => [widget(object)],
  ),
  story('custom-create', (object) => widget(object)),
  story(
    'custom-patch',
    (object) => patch(`${widgets}/${object}`, { spec: { replicas: 2 } }),
    (object) => [widget(object)],
  ),
  story(
    'custom-delete',
    (object) => ({ method: 'DELETE', path: `${widgets}/${object}` }),
    (object) => [widget(object)],
  ),
  story(
    'custom-status-patch',
    (object) => patch(`${widgets}/${object}/status`, { status: { replicas: 1 } }),
    (object) => [widget(object)],
  ),
  story(
    'custom-scale-patch',
    (object) => patch(`${widgets}/${object}/scale`, { spec: { replicas: 3 } }),
    (object) => [widget(object)],
  ),
  story('can-i', () => ({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: { spec: { resourceAttributes: { verb: 'list', resource: 'pods' } } },
  })),
  story('openapi', () => get('/openapi/v3')),
  story('openapi-group', () => get('/openapi/v3/apis/apps/v1')),
  story('metrics', () => get('/metrics')),
  story('metrics-forbidden', () => get('/metrics'), undefined, ['nobody']),
  story('issuer', () => get('/.well-known/openid-configuration')),
];
