import type { KubeRequest } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';
import { encodeObject } from './object-json.ts';
import { checkName, collectionPath, get, pathSegment } from './request.ts';
import type { ResourceType } from './resource-type.ts';

/** An object of a cluster, or one that is to be. */
export interface Target {
  readonly type: ResourceType;
  /** Null for types that have none. */
  readonly namespace: string | null;
  /** "" where the server is to make one. */
  readonly name: string;
}

/** Parameters of a write besides the object. */
export interface WriteOptions {
  readonly dryRun: boolean;
  /** Who owns the fields (managedFields); kubectl has a default for each of its commands. */
  readonly fieldManager: string;
  /** Handling of unknown and duplicate fields: kubectl's --validate. */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
}

/** The object of a manifest, on its way to the server. */
export interface WrittenTarget extends Target {
  readonly object: Record<string, unknown>;
}

/** `create -f`. kubectl leaves out a resourceVersion, which a new object cannot have. */
export function createRequest(target: WrittenTarget, options: WriteOptions): KubeRequest {
  const object = withResourceVersion(target.object, undefined);
  return { ...write('POST', { ...target, name: '' }, options), body: bytes(encodeObject(object)) };
}

/** `replace -f`: the whole object, of the version that is replaced. */
export function replaceRequest(target: WrittenTarget, options: WriteOptions): KubeRequest {
  return { ...write('PUT', target, options), body: bytes(encodeObject(target.object)) };
}

/** `apply --server-side -f` (KEP-555). */
export function applyRequest(
  target: WrittenTarget,
  options: WriteOptions & { readonly forceConflicts: boolean },
): KubeRequest {
  const request = write('PATCH', target, options, [['force', String(options.forceConflicts)]]);
  const body = bytes(encodeObject(target.object));
  return { ...request, headers: { ...request.headers, 'content-type': 'application/apply-patch+yaml' }, body };
}

/** The content types of `patch --type`. */
const PATCH_TYPES = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;
export type PatchType = keyof typeof PATCH_TYPES;

/** `patch`: `patch` is JSON, and sent as it is. */
export function patchRequest(
  target: Target,
  patch: Uint8Array,
  options: WriteOptions & {
    readonly type: PatchType;
    readonly subresource?: string;
    /** Only in an apply patch. */
    readonly forceConflicts: boolean;
  },
): KubeRequest {
  const { subresource, forceConflicts } = options;
  const request = write('PATCH', target, options, forceConflicts ? [['force', 'true']] : []);
  if (subresource !== undefined) checkName('subresource', subresource);
  return {
    ...request,
    ...(subresource !== undefined && { path: `${request.path}/${pathSegment(subresource)}`, subresource }),
    headers: { ...request.headers, 'content-type': PATCH_TYPES[options.type] },
    body: patch,
  };
}

/** Treatment of the objects that belong to a deleted one. */
export type Cascade = 'background' | 'foreground' | 'orphan';

/** `delete`: its options are in the body, the dry run too. */
export function deleteRequest(
  target: Target,
  options: { readonly dryRun: boolean; readonly cascade: Cascade; readonly gracePeriodSeconds?: number },
): KubeRequest {
  const { cascade, gracePeriodSeconds, dryRun } = options;
  // In the order of metav1.DeleteOptions, as Go writes a struct; kubectl leaves out what it is.
  const body = {
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    propagationPolicy: `${cascade[0]!.toUpperCase()}${cascade.slice(1)}`,
    ...(dryRun && { dryRun: ['All'] }),
  };
  return {
    ...write('DELETE', target, { dryRun: false, fieldManager: '' }),
    body: bytes(`${JSON.stringify(body)}\n`),
  };
}

/** The object as it is, which `replace` needs to know the version of. */
export function readRequest(target: Target): KubeRequest {
  return { ...write('GET', target, { dryRun: false, fieldManager: '' }), headers: { accept: 'application/json' } };
}

function write(
  method: string,
  target: Target,
  options: WriteOptions,
  more: readonly (readonly [string, string])[] = [],
): KubeRequest {
  const { type, namespace, name } = target;
  if (namespace !== null) checkName('namespace', namespace);
  const collection = collectionPath(type, namespace);
  if (method !== 'POST') checkName('resource name', name);
  const query: (readonly [string, string])[] = [];
  if (options.dryRun) query.push(['dryRun', 'All']);
  if (options.fieldManager !== '') query.push(['fieldManager', options.fieldManager]);
  if (options.fieldValidation !== undefined) query.push(['fieldValidation', options.fieldValidation]);
  return {
    ...get('request', method === 'POST' ? collection : `${collection}/${pathSegment(name)}`, 'application/json'),
    method,
    query: [...query, ...more],
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    group: type.group,
    version: type.version,
    resource: type.resource,
    namespace,
    name: method === 'POST' ? null : name,
  };
}

/** Whether the server stores nothing. A deletion has its options in the body. */
export function isDryRun({ method, query, body }: KubeRequest): boolean {
  if (query.some(([name]) => name === 'dryRun')) return true;
  const options = method === 'DELETE' && body !== undefined ? parseJSON(body) : undefined;
  return isObject(options) && Array.isArray(options['dryRun']) && options['dryRun'].length > 0;
}

/** The object with this resourceVersion, or without one. */
export function withResourceVersion(
  object: Record<string, unknown>,
  resourceVersion: string | undefined,
): Record<string, unknown> {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  if (resourceVersion === undefined && !Object.hasOwn(metadata, 'resourceVersion')) return object;
  const { resourceVersion: _, ...rest } = metadata;
  return { ...object, metadata: resourceVersion === undefined ? rest : { ...rest, resourceVersion } };
}

export const apiVersionOf = ({ group, version }: Pick<ResourceType, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;

const bytes = (text: string): Uint8Array => Buffer.from(text);
