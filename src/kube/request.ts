import { UsageError } from '../errors.ts';
import type { Exchange, KubeRequest, Purpose } from './exchange.ts';
import { isObject, parseJSON } from './json.ts';
import { NO_RESOURCE, resourceParts } from './request-info.ts';
import type { ResourceType } from './resource-type.ts';

/** As kubectl asks: the server's table, or plain JSON from servers that make none (kubectl pkg/cmd/get/get.go). */
const TABLE = ['v1', 'v1beta1']
  .map((version) => `application/json;as=Table;v=${version};g=meta.k8s.io`)
  .concat('application/json')
  .join(',');
/** kubectl's --chunk-size. */
const LIMIT = 500;

/** What `get` asks for. */
export interface GetOptions {
  /** Empty: list. */
  readonly names: readonly string[];
  readonly namespace: string;
  readonly allNamespaces: boolean;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

/** One request for each name, or one for the list. Throws a UsageError for what cannot be asked for. */
export function getRequest(type: ResourceType, options: GetOptions): KubeRequest[] {
  const { names, allNamespaces, labelSelector, fieldSelector } = options;
  const namespace = type.namespaced && !allNamespaces ? options.namespace : null;
  if (namespace !== null) checkName('namespace', namespace);
  const about = { ...NO_RESOURCE, group: type.group, version: type.version, resource: type.resource, namespace };
  const path = collectionPath(type, namespace);
  if (names.length === 0) {
    const query: (readonly [string, string])[] = [];
    if (fieldSelector) query.push(['fieldSelector', fieldSelector]);
    if (labelSelector) query.push(['labelSelector', labelSelector]);
    query.push(['limit', String(LIMIT)]);
    return [{ ...get('request', path, TABLE), ...about, query }];
  }
  if (labelSelector || fieldSelector) {
    throw new UsageError('NameAndSelector', 'name cannot be provided when a selector is specified');
  }
  if (allNamespaces && type.namespaced) {
    throw new UsageError('NameAcrossNamespaces', 'a resource cannot be retrieved by name across all namespaces', {
      hint: 'leave out --all-namespaces, and give the namespace with -n',
    });
  }
  for (const name of names) checkName('resource name', name);
  return names.map((name) => ({ ...get('request', `${path}/${encodeURIComponent(name)}`, TABLE), ...about, name }));
}

/** The objects that `delete -l` is about: whole, and all at once, as kubectl asks for them. */
export function selectRequest(
  type: ResourceType,
  namespace: string | null,
  { labelSelector, fieldSelector }: Pick<GetOptions, 'labelSelector' | 'fieldSelector'>,
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

/** The next part of a list that the server cut off at `limit`; undefined after the last. */
export function nextPage({ request, status, body }: Exchange): KubeRequest | undefined {
  if (status !== 200 || !request.query.some(([name]) => name === 'limit')) return undefined;
  const token = continueToken(body);
  if (token === undefined) return undefined;
  const query = [...request.query.filter(([name]) => name !== 'continue'), ['continue', token] as const];
  return { ...request, query: query.toSorted(([one], [two]) => (one < two ? -1 : 1)) };
}

function continueToken(body: Uint8Array): string | undefined {
  const list = parseJSON(body);
  const token = isObject(list) && isObject(list['metadata']) ? list['metadata']['continue'] : undefined;
  return typeof token === 'string' && token !== '' ? token : undefined;
}

/** A GET about no object; the caller adds what it is about. */
export function get(purpose: Purpose, path: string, accept: string): KubeRequest {
  return { purpose, method: 'GET', path, query: [], headers: { accept }, ...NO_RESOURCE };
}

/** Of all objects of a type, in a namespace or in none. */
export function collectionPath({ group, version, resource }: ResourceType, namespace: string | null): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${resource}`;
}

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
  const hint = fault === '/' ? 'TYPE/NAME is not supported here: write TYPE NAME' : undefined;
  throw new UsageError(
    'InvalidName',
    `invalid ${what} ${JSON.stringify(name)}: [${why}]`,
    hint === undefined ? {} : { hint },
  );
}

/** A query as Go's url.Values writes it: a space is "+", and only letters, digits and "-_.~" stay as they are. */
export function encodeQuery(query: KubeRequest['query']): string {
  const encode = (text: string): string =>
    encodeURIComponent(text)
      .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+');
  return query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

function decodeQuery(query: string): [string, string][] {
  return [...new URLSearchParams(query)];
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
