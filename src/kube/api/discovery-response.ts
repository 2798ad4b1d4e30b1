import { isObject } from '../json.ts';
import type { ResourceType } from './resource-type.ts';

/** The result of aggregated discovery: all types, and the group versions that the server cannot describe at present. */
export interface AggregatedTypes {
  readonly types: readonly ResourceType[];
  readonly stale: readonly string[];
}

/**
 * Reads an APIGroupDiscoveryList (apidiscovery.k8s.io v2 and v2beta1, which have the same fields); undefined for any
 * other document. Its groups come by priority, and the versions of each with the preferred one first. What is stale
 * counts as not there (client-go discovery/aggregated_discovery.go).
 */
export function readAggregated(document: unknown): AggregatedTypes | undefined {
  if (!isObject(document) || document['kind'] !== 'APIGroupDiscoveryList') return undefined;
  const versions = objects(document['items']).flatMap((group) => {
    const name = isObject(group['metadata']) ? text(group['metadata']['name']) : '';
    return objects(group['versions']).map((version) => ({ name, version, isStale: version['freshness'] === 'Stale' }));
  });
  const types = versions
    .filter(({ isStale }) => !isStale)
    .flatMap(({ name, version }) =>
      objects(version['resources']).map((resource) => ({
        group: name,
        version: text(version['version']),
        resource: text(resource['resource']),
        kind: isObject(resource['responseKind']) ? text(resource['responseKind']['kind']) : '',
        singular: text(resource['singularResource']),
        namespaced: resource['scope'] === 'Namespaced',
        shortNames: texts(resource['shortNames']),
        categories: texts(resource['categories']),
        verbs: texts(resource['verbs']),
      })),
    );
  const stale = versions.filter(({ isStale }) => isStale);
  return { types, stale: stale.map(({ name, version }) => `${name}/${text(version['version'])}`) };
}

/** The paths of all group versions in an APIVersions (`/api`) or APIGroupList (`/apis`), preferred ones first. */
export function readGroups(document: unknown): string[] {
  if (!isObject(document)) return [];
  if (document['kind'] === 'APIVersions') return texts(document['versions']).map((version) => `/api/${version}`);
  return objects(document['groups']).flatMap((group) => {
    const preferred = isObject(group['preferredVersion']) ? text(group['preferredVersion']['groupVersion']) : '';
    const all = objects(group['versions']).map((version) => text(version['groupVersion']));
    return [...new Set([preferred, ...all])].filter((each) => each !== '').map((each) => `/apis/${each}`);
  });
}

/** Reads an APIResourceList, without its subresources. */
export function readResourceList(document: unknown): ResourceType[] {
  if (!isObject(document)) return [];
  const groupVersion = text(document['groupVersion']);
  const slash = groupVersion.indexOf('/');
  const group = slash === -1 ? '' : groupVersion.slice(0, slash);
  return objects(document['resources'])
    .filter((resource) => !text(resource['name']).includes('/'))
    .map((resource) => ({
      group,
      version: groupVersion.slice(slash + 1),
      resource: text(resource['name']),
      kind: text(resource['kind']),
      // Before 1.27 built-in types had none; client-go then guesses from the kind as well.
      singular: text(resource['singularName']) || text(resource['kind']).toLowerCase(),
      namespaced: resource['namespaced'] === true,
      shortNames: texts(resource['shortNames']),
      categories: texts(resource['categories']),
      verbs: texts(resource['verbs']),
    }));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function objects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
