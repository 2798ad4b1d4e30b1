import type { ContextName } from '../cluster/cluster.ts';
import { minorOf } from '../cluster/versions.ts';
import { namespace } from './namespace.ts';
import { refusedStories } from './refused-stories.ts';
import { typeStories } from './type-stories.ts';
import { webhookLabel } from './webhooks.ts';

export interface StoryRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType?: string;
  readonly body?: unknown;
}

export interface Story {
  readonly name: string;
  /** One recording for each of them. */
  readonly contexts: readonly ContextName[];
  /** Versions in which it is recorded; by default those with odd numbers. */
  readonly minors?: readonly number[];
  /** Objects that must exist before; `object` is a name for each recording's own objects. */
  readonly prepare?: (object: string) => readonly StoryRequest[];
  readonly request: (object: string) => StoryRequest;
}

const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
const usual: readonly ContextName[] = ['admin', 'masters'];

function configMap(
  name: string,
  more: { labels?: Record<string, string>; data?: Record<string, string> } = {},
): unknown {
  const { labels, data } = more;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...(labels === undefined ? {} : { labels }) },
    ...(data === undefined ? {} : { data }),
  };
}

const create = (name: string, labels?: Record<string, string>): StoryRequest => ({
  method: 'POST',
  path: configMaps,
  body: configMap(name, labels === undefined ? {} : { labels }),
});

const apply = (name: string, value: string): StoryRequest => ({
  method: 'PATCH',
  path: `${configMaps}/${name}?fieldManager=recorder`,
  contentType: 'application/apply-patch+yaml',
  body: configMap(name, { data: { value } }),
});

const existing = (name: string): StoryRequest[] => [create(name)];
const path = (name: string): string => `${configMaps}/${name}`;

/**
 * Before 1.33 no user's trace context is accepted, so that the traces of `masters` would show nothing else that is new.
 */
export function contextsOf(story: Story, version: string): readonly ContextName[] {
  const minor = minorOf(version);
  if (story.minors === undefined ? minor % 2 === 0 : !story.minors.includes(minor)) return [];
  if (minor >= 33 || story.name === 'list') return story.contexts;
  return story.contexts.filter((context) => context !== 'masters');
}

/** Requests for whole objects of built-in types. They are recorded on an idle machine: the tests look at their times too. */
export const objectStories: readonly Story[] = [
  {
    name: 'list',
    contexts: [...usual, 'monitoring'],
    request: () => ({ method: 'GET', path: '/api/v1/nodes' }),
  },
  { name: 'get', contexts: usual, request: () => ({ method: 'GET', path: '/api/v1/namespaces/default' }) },
  {
    name: 'list-from-cache',
    contexts: usual,
    request: () => ({ method: 'GET', path: '/api/v1/nodes?resourceVersion=0' }),
  },
  { name: 'not-found', contexts: usual, request: (object) => ({ method: 'GET', path: path(object) }) },
  { name: 'create', contexts: usual, request: (object) => create(object, webhookLabel) },
  { name: 'create-plain', contexts: usual, request: (object) => create(object) },
  { name: 'conflict', contexts: usual, prepare: existing, request: (object) => create(object) },
  {
    name: 'patch',
    contexts: usual,
    prepare: existing,
    request: (object) => ({
      method: 'PATCH',
      path: path(object),
      contentType: 'application/merge-patch+json',
      body: { data: { value: 'patched' } },
    }),
  },
  { name: 'apply-create', contexts: usual, request: (object) => apply(object, 'first') },
  {
    name: 'apply-update',
    contexts: usual,
    prepare: (object) => [apply(object, 'first')],
    request: (object) => apply(object, 'second'),
  },
  {
    name: 'update',
    contexts: usual,
    prepare: existing,
    request: (object) => ({
      method: 'PUT',
      path: path(object),
      body: configMap(object, { data: { value: 'updated' } }),
    }),
  },
  {
    name: 'delete',
    contexts: usual,
    prepare: existing,
    request: (object) => ({ method: 'DELETE', path: path(object) }),
  },
  { name: 'delete-not-found', contexts: usual, request: (object) => ({ method: 'DELETE', path: path(object) }) },
  {
    name: 'deletecollection',
    contexts: usual,
    prepare: (object) => ['a', 'b'].map((suffix) => create(`${object}-${suffix}`, { collection: object })),
    request: (object) => ({ method: 'DELETE', path: `${configMaps}?labelSelector=collection%3D${object}` }),
  },
  { name: 'discovery', contexts: usual, request: () => ({ method: 'GET', path: '/apis' }) },
  { name: 'version', contexts: usual, request: () => ({ method: 'GET', path: '/version' }) },
  { name: 'forbidden', contexts: ['nobody'], request: () => ({ method: 'GET', path: '/api/v1/nodes' }) },
  { name: 'unauthorized', contexts: ['wrong-token'], request: () => ({ method: 'GET', path: '/api/v1/nodes' }) },
];

/** The requests that are recorded: each way through the API server that leaves another shape of trace. */
export const stories: readonly Story[] = [...objectStories, ...typeStories, ...refusedStories];
