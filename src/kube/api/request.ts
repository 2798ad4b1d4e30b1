import { UsageError } from '../../errors.ts';
import type { Exchange, KubeRequest, Purpose } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';
import { NO_RESOURCE, resourceParts } from './request-info.ts';
import type { ResourceType } from './resource-type.ts';

/** The objects that `delete -l` selects: complete, and in one request, as in kubectl. */
export function selectRequest(
  type: ResourceType,
  namespace: string | null,
  { labelSelector, fieldSelector }: { readonly labelSelector?: string; readonly fieldSelector?: string },
): KubeRequest {
  if (namespace !== null) checkName('namespace', namespace);
  const query: (readonly [string, string])[] = [];
  if (fieldSelector) query.push(['fieldSelector', fieldSelector]);
  if (labelSelector) query.push(['labelSelector', labelSelector]);
  const { group, version, resource } = type;
  const request = get('request', collectionPath(type, namespace), 'application/json');
  return { ...request, group, version, resource, namespace, query };
}

/**
 * `--raw PATH` and `raw METHOD PATH`: the path as it is, with its query. `what` names it in messages. Throws a UsageError
 * for one that is not a path on the server.
 */
export function rawRequest(raw: string, what = '--raw'): KubeRequest {
  const fail = (why: string, hint: string): never => {
    throw new UsageError('InvalidRawPath', `${what} ${why}`, { hint });
  };
  if (!raw.startsWith('/'))
    fail(
      `must be a valid URL path: parse ${JSON.stringify(raw)}: invalid URI for request`,
      `it starts with "/": ${what === '--raw' ? '--raw ' : ''}/readyz?verbose`,
    );
  // A URL with its own host would send the credentials there.
  if (raw.startsWith('//')) fail('must not start with "//"', 'only the path, without scheme and host');
  if (/[\s\p{Cc}#\\]/u.test(raw)) fail('has a character that a path cannot have', 'percent-encode it');
  const [path, query = ''] = splitOnce(raw, '?');
  if (path.split('/').some((part) => /^(\.|%2e){1,2}$/i.test(part))) {
    fail('must not have "." or ".." in it', 'write the path that is meant');
  }
  return { ...get('request', path, 'application/json, */*'), ...resourceParts(path), query: decodeQuery(query) };
}

/** Parameters that a continued list must not repeat: its token contains the version. */
const NOT_CONTINUED = ['continue', 'resourceVersion', 'resourceVersionMatch'];

/** The next part of a list that the server cut off at `limit`; undefined after the last. */
export function nextPage({ request, status, body }: Exchange): KubeRequest | undefined {
  if (status !== 200 || !request.query.some(([name]) => name === 'limit')) return undefined;
  const token = listMetadata(body, 'continue');
  return token === undefined ? undefined : continuedRequest(request, token);
}

/** The request for the part that begins at `token`. */
export function continuedRequest(request: KubeRequest, token: string): KubeRequest {
  const query = [...request.query.filter(([name]) => !NOT_CONTINUED.includes(name)), ['continue', token] as const];
  return { ...request, query: query.toSorted(([one], [two]) => (one < two ? -1 : 1)) };
}

/** The same list with this many objects in a part. */
export const withLimit = (request: KubeRequest, limit: number): KubeRequest => ({
  ...request,
  query: request.query.map(([name, value]) => (name === 'limit' ? [name, String(limit)] : [name, value])),
});

/** `continue` or `resourceVersion` of a list; undefined without one. */
export function listMetadata(body: Uint8Array, key: string): string | undefined {
  const list = parseJSON(body);
  const value = isObject(list) && isObject(list['metadata']) ? list['metadata'][key] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A GET about no object; the caller adds what it is about. */
export function get(purpose: Purpose, path: string, accept: string): KubeRequest {
  return { purpose, method: 'GET', path, query: [], headers: { accept }, ...NO_RESOURCE };
}

/**
 * A review of the authenticated user, which every user may request: the object comes back with its status, and nothing is
 * stored. Requests of this purpose never impersonate.
 */
export function selfReview(group: string, resource: string, object: { readonly kind: string }): KubeRequest {
  return {
    ...get('identity', `/apis/${group}/v1/${resource}`, 'application/json'),
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ apiVersion: `${group}/v1`, ...object })),
    group,
    version: 'v1',
    resource,
  };
}

/** Path of all objects of a type, in a namespace or in all of them. */
export function collectionPath({ group, version, resource }: ResourceType, namespace: string | null): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${namespace === null ? '' : `/namespaces/${pathSegment(namespace)}`}/${resource}`;
}

/** A part of a path as Go's net/url writes it: `system:node` stays as it is. Half a surrogate pair is no text in UTF-8. */
export const pathSegment = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/%(24|26|2B|2C|3A|3B|3D|40)/g, decodeURIComponent)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** The names that cannot be part of a path (k8s.io/apimachinery pkg/api/validation/path/name.go). */
export function checkName(what: string, name: string): void {
  const fault =
    name === ''
      ? 'may not be empty'
      : name === '.' || name === '..'
        ? `may not be '${name}'`
        : (['/', '%', '\0'].find((each) => name.includes(each)) ?? undefined);
  if (fault === undefined) return;
  const why = fault.length === 1 ? `may not contain '${fault === '\0' ? '\\0' : fault}'` : fault;
  throw new UsageError('InvalidName', `invalid ${what} ${JSON.stringify(name)}: [${why}]`, {
    hint: 'nothing was sent: it would lead to another path of the server',
  });
}

/** A query as Go's url.Values writes it: a space is "+", and only letters, digits and "-_.~" stay as they are. */
export function encodeQuery(query: KubeRequest['query']): string {
  const encode = (text: string): string =>
    encodeURIComponent(text.toWellFormed())
      .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+');
  return query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

/** kubectl's url.Values are sorted by name whenever they are written. */
function decodeQuery(query: string): [string, string][] {
  return [...new URLSearchParams(query)].toSorted(([one], [two]) => (one < two ? -1 : one > two ? 1 : 0));
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
