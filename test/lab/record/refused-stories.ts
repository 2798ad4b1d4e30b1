import { podWithLog } from './kubelet.ts';
import { namespace } from './namespace.ts';
import type { Story, StoryRequest } from './stories.ts';
import { cachedMinors } from './type-stories.ts';
import { MERGE_PATCH } from './widgets.ts';

const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;

const create = (name: string, data = {}): StoryRequest => ({
  method: 'POST',
  path: configMaps,
  body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data },
});

/** The recorder's webhooks are for other types. */
const createSecret = (name: string, { namespace: where = namespace, query = '', data = {} } = {}): StoryRequest => ({
  method: 'POST',
  path: `/api/v1/namespaces/${where}/secrets${query}`,
  body: { apiVersion: 'v1', kind: 'Secret', metadata: { name }, data },
});

const patch = (name: string, body: unknown, query = ''): StoryRequest => ({
  method: 'PATCH',
  path: `${configMaps}/${name}${query}`,
  contentType: MERGE_PATCH,
  body,
});

const apply = (name: string): StoryRequest => ({
  method: 'PATCH',
  path: `${configMaps}/${name}?fieldManager=recorder`,
  contentType: 'application/apply-patch+yaml',
  body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value: 'same' } },
});

const story = (name: string, request: Story['request'], prepare?: Story['prepare']): Story => ({
  name,
  contexts: ['admin'],
  minors: cachedMinors,
  request,
  ...(prepare !== undefined && { prepare }),
});

const existing = (name: string): StoryRequest[] => [create(name, { value: 'same' })];

/** Requests that the handler refuses, and writes that change nothing. */
export const refusedStories: readonly Story[] = [
  story('patch-not-found', (object) => patch(object, { data: { value: 'new' } })),
  story('patch-invalid', (object) => patch(object, { data: { 'not a key': 'new' } }), existing),
  story('patch-malformed', (object) => patch(object, 'no object'), existing),
  story('patch-nothing', (object) => patch(object, { data: { value: 'same' } }), existing),
  story('patch-dry-run', (object) => patch(object, { data: { value: 'new' } }, '?dryRun=All'), existing),
  story('patch-dry-run-invalid', (object) => patch(object, { data: { 'not a key': '' } }, '?dryRun=All'), existing),
  story('apply-nothing', apply, (object) => [apply(object)]),
  story(
    'update-conflict',
    (object) => ({
      method: 'PUT',
      path: `${configMaps}/${object}`,
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: object, resourceVersion: '1' } },
    }),
    existing,
  ),
  story('create-invalid', (object) => createSecret(object, { data: { 'not a key': '' } })),
  story('create-nowhere', (object) => createSecret(object, { namespace: 'nowhere' })),
  story(
    'delete-conflict',
    (object) => ({
      method: 'DELETE',
      path: `${configMaps}/${object}`,
      body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'another' } },
    }),
    existing,
  ),
  story('create-dry-run', (object) => createSecret(object, { query: '?dryRun=All' })),
  story(
    'create-dry-run-conflict',
    (object) => createSecret(object, { query: '?dryRun=All' }),
    (object) => [createSecret(object)],
  ),
  story('delete-dry-run', (object) => ({ method: 'DELETE', path: `${configMaps}/${object}?dryRun=All` }), existing),
  story('log-refused', () => ({
    method: 'GET',
    path: `/api/v1/namespaces/${namespace}/pods/${podWithLog}/log?container=absent`,
  })),
];
