import { UsageError } from '../../errors.ts';
import type { KubeRequest, StreamEnd } from '../http/exchange.ts';
import { NO_RESOURCE } from './request-info.ts';
import { checkName, collectionPath, get, pathSegment } from './request.ts';
import type { ResourceType } from './resource-type.ts';

/** As in kubectl: the server's table, or plain JSON from servers without tables (kubectl pkg/cmd/get/get.go). */
const TABLE = ['v1', 'v1beta1']
  .map((version) => `application/json;as=Table;v=${version};g=meta.k8s.io`)
  .concat('application/json')
  .join(',');

/** Properties that all requests of one `get` share. */
export interface GetOptions {
  readonly namespace: string;
  readonly allNamespaces: boolean;
  /** The server's table; else the objects themselves. */
  readonly asTable: boolean;
  readonly resourceVersion?: string | undefined;
}

/** Which objects of a type are listed. */
export interface ListOptions extends GetOptions {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Objects in one response; 0: all. */
  readonly chunkSize: number;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan' | undefined;
}

/** A list of a type's objects. Throws a UsageError for a namespace that cannot be one. */
export function listRequest(type: ResourceType, options: ListOptions): KubeRequest {
  const { chunkSize, resourceVersion, resourceVersionMatch } = options;
  return about(type, options, null, {
    ...selectors(options),
    limit: chunkSize === 0 ? undefined : String(chunkSize),
    resourceVersion,
    resourceVersionMatch,
  });
}

/** One object, or a part of it. Throws a UsageError for a name that cannot be one. */
export function objectRequest(
  type: ResourceType,
  name: string,
  options: GetOptions & { readonly subresource?: string | undefined },
): KubeRequest {
  const { allNamespaces, subresource, resourceVersion } = options;
  if (allNamespaces && type.namespaced) throw nameAcrossNamespaces();
  checkName('resource name', name);
  const request = about(type, options, name, { resourceVersion });
  if (subresource === undefined) return request;
  checkName('subresource', subresource);
  return { ...request, path: `${request.path}/${pathSegment(subresource)}`, subresource };
}

/** A name says nothing without a namespace, where the type has one. */
export const nameAcrossNamespaces = (): UsageError =>
  new UsageError('NameAcrossNamespaces', 'a resource cannot be retrieved by name across all namespaces', {
    hint: 'leave out --all-namespaces, and give the namespace with -n',
  });

/** The changes of a list after `since`, the version of a list response. */
export function watchListRequest(type: ResourceType, options: ListOptions, since: string, end: StreamEnd): KubeRequest {
  const query = { ...selectors(options), resourceVersion: since, watch: 'true' };
  return { ...about(type, options, null, query), streamEnd: end };
}

/** The changes of one object, of which the first is the object as it is. */
export function watchObjectRequest(type: ResourceType, name: string, options: GetOptions, end: StreamEnd): KubeRequest {
  const query = { fieldSelector: `metadata.name=${name}`, resourceVersion: '0', watch: 'true' };
  return { ...about(type, options, null, query), streamEnd: end };
}

const selectors = ({ labelSelector, fieldSelector }: ListOptions): Record<string, string | undefined> => ({
  fieldSelector: fieldSelector || undefined,
  labelSelector: labelSelector || undefined,
});

function about(
  type: ResourceType,
  { namespace: wanted, allNamespaces, asTable }: GetOptions,
  name: string | null,
  query: Readonly<Record<string, string | undefined>>,
): KubeRequest {
  const namespace = type.namespaced && !allNamespaces ? wanted : null;
  if (namespace !== null) checkName('namespace', namespace);
  const collection = collectionPath(type, namespace);
  const path = name === null ? collection : `${collection}/${pathSegment(name)}`;
  const { group, version, resource } = type;
  return {
    ...get('request', path, asTable ? TABLE : 'application/json'),
    ...NO_RESOURCE,
    group,
    version,
    resource,
    namespace,
    name,
    // In the order of Go's url.Values.
    query: Object.entries(query)
      .filter((entry): entry is [string, string] => entry[1] !== undefined)
      .toSorted(([one], [two]) => (one < two ? -1 : 1)),
  };
}
