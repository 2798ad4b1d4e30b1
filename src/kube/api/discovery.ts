import { ExitCode, TraceCommandError } from '../../errors.ts';
import type { DiscoveryCache } from './discovery-cache.ts';
import { readAggregated, readGroups, readResourceList } from './discovery-response.ts';
import type { Exchange, KubeRequest } from '../http/exchange.ts';
import { nearestName } from '../../format/nearest-name.ts';
import { isObject, parseJSON } from '../json.ts';
import { requestFailure, requestFailureError } from './request-failure.ts';
import { get } from './request.ts';
import { ambiguousTypes, findResourceType, type ResourceType } from './resource-type.ts';

/** Sends one request in its own span; the caller records the exchange. */
export type Send = (request: KubeRequest) => Promise<Exchange>;

/** Aggregated discovery in both its versions (v2 since 1.30, v2beta1 since 1.26), or the old response (KEP-3352). */
const ACCEPT = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

/** The cache of types, and the server that lists them. */
export interface TypeSource {
  readonly send: Send;
  readonly cache: DiscoveryCache;
  /** Takes lines for standard error, unescaped: what the types leave open. */
  readonly warn?: (line: string) => void;
}

/**
 * The types that typed names mean, in the same order. They come from the cache, otherwise from the server, which is
 * queried once more for a name that the cache does not have. Rejects with a TraceCommandError for an unknown name, or
 * when the server does not respond.
 */
export async function resolveNamedTypes(typed: readonly string[], source: TypeSource): Promise<ResourceType[]> {
  return resolve(typed, source, (name, types) => {
    const found = findResourceType(name, types);
    return found === undefined ? undefined : { types: [found], ambiguous: ambiguousTypes(name, types) };
  });
}

/**
 * The types of lists: a category (`all`) stands for its types, and none comes twice. As kubectl, which replaces categories
 * before anything else and then reads `NAME.GROUP` again (cli-runtime pkg/resource/builder.go, ReplaceAliases).
 */
export async function resolveListTypes(typed: readonly string[], source: TypeSource): Promise<ResourceType[]> {
  const found = await resolve(typed, source, (name, types) => {
    const members = types.filter(({ categories }) => categories.includes(name));
    const names = members.map(({ resource, group }) => (group === '' ? resource : `${resource}.${group}`));
    const all = (names.length > 0 ? names : [name]).map((each) => findResourceType(each, types));
    if (!all.every((each) => each !== undefined)) return undefined;
    return { types: all, ambiguous: names.length > 0 ? [] : ambiguousTypes(name, types) };
  });
  return [...new Set(found)];
}

/** The types of a name, and those that its short name could mean too. */
interface Found {
  readonly types: readonly ResourceType[];
  readonly ambiguous: readonly ResourceType[];
}

type Find = (typed: string, types: readonly ResourceType[]) => Found | undefined;

async function resolve(typed: readonly string[], source: TypeSource, find: Find): Promise<ResourceType[]> {
  const { send, cache, warn = () => {} } = source;
  const cached = (await cache.read()) ?? [];
  let found = typed.map((name) => find(name, cached));
  if (!found.every((each) => each !== undefined)) {
    const { types, failures } = await discover(send);
    await cache.write(types);
    for (const { groupVersion, why } of failures) warn(`note: the types of ${groupVersion} are not known: ${why}`);
    found = typed.map((name) => {
      const one = find(name, types);
      if (one === undefined) throw unknownResourceType(name, types, failures);
      return one;
    });
  }
  const warnings = typed.flatMap((name, index) => (found[index]?.ambiguous ?? []).map((type) => ambiguity(name, type)));
  for (const warning of new Set(warnings)) warn(warning);
  return found.flatMap((each) => each?.types ?? []);
}

/** kubectl's words (client-go restmapper/shortcut.go). */
function ambiguity(typed: string, { resource, group }: ResourceType): string {
  const name = JSON.stringify(typed.split('.')[0]);
  return `Warning: short name ${name} could also match lower priority resource ${group === '' ? resource : `${resource}.${group}`}`;
}

/** A group version that the server cannot describe at present, as when the server behind it is down. */
export interface DiscoveryFailure {
  /** `metrics.k8s.io/v1beta1` */
  readonly groupVersion: string;
  readonly why: string;
}

/** All types of a server. A group version that cannot be read is left out, as in kubectl. */
export interface Discovered {
  /** Core first, then in the server's order with each group's preferred version first. */
  readonly types: readonly ResourceType[];
  readonly failures: readonly DiscoveryFailure[];
}

export async function discover(send: Send): Promise<Discovered> {
  // One after the other, so that they and the request share one connection; a second handshake takes longer.
  const core = await query(send, '/api');
  const groups = await query(send, '/apis');
  const types: ResourceType[] = [];
  const failures: DiscoveryFailure[] = [];
  for (const document of [core, groups]) {
    const aggregated = readAggregated(document);
    if (aggregated !== undefined) {
      for (const type of aggregated.types) types.push(type);
      for (const groupVersion of aggregated.stale) failures.push({ groupVersion, why: 'its server does not respond' });
    } else {
      await discoverEach(send, readGroups(document), { types, failures });
    }
  }
  return { types, failures };
}

/** Servers before 1.26 list their types group by group. */
async function discoverEach(
  send: Send,
  paths: readonly string[],
  { types, failures }: { readonly types: ResourceType[]; readonly failures: DiscoveryFailure[] },
): Promise<void> {
  for (const path of paths) {
    const exchange = await send({ ...discoveryRequest(path, 'application/json'), mayFail: true });
    const failure = requestFailure(exchange);
    const list = failure === undefined ? parseJSON(exchange.body) : undefined;
    if (isObject(list)) {
      for (const type of readResourceList(list)) types.push(type);
    } else {
      const why = failure === undefined ? 'the response is not JSON' : withoutPrefix(failure.message);
      failures.push({ groupVersion: path.replace(/^\/apis?\//, ''), why });
    }
  }
}

const withoutPrefix = (message: string): string => message.replace(/^Error from server(?: \(\w+\))?: /, '');

/** Undefined for an /api that does not exist: aggregated API servers have none (client-go discovery_client.go). */
async function query(send: Send, path: '/api' | '/apis'): Promise<unknown> {
  const exchange = await send({ ...discoveryRequest(path, ACCEPT), ...(path === '/api' && { mayFail: true }) });
  if (exchange.status === 404 && path === '/api') return undefined;
  const failure = requestFailure(exchange);
  if (failure !== undefined) throw requestFailureError(failure);
  return parse(exchange);
}

function discoveryRequest(path: string, accept: string): KubeRequest {
  return get('discovery', path, accept);
}

function parse({ body, request }: Exchange): unknown {
  const document = parseJSON(body);
  if (document !== undefined) return document;
  const message = `the response to ${request.path} is not JSON`;
  throw new TraceCommandError(ExitCode.requestFailed, 'NotKubernetes', message, {
    hint: 'is this address a Kubernetes API server?',
  });
}

function unknownResourceType(
  typed: string,
  types: readonly ResourceType[],
  failures: readonly DiscoveryFailure[],
): TraceCommandError {
  const [name = '', ...rest] = typed.split('.');
  const group = rest.join('.');
  const where = group === '' ? '' : ` in group ${JSON.stringify(group)}`;
  const message = `the server doesn't have a resource type ${JSON.stringify(name)}${where}`;
  const names = types.flatMap(({ resource, singular, shortNames }) => [resource, singular, ...shortNames]);
  const nearest = nearestName(name, names);
  const missing = failures.map(({ groupVersion }) => groupVersion).join(', ');
  const hint =
    nearest !== undefined && nearest !== name
      ? `did you mean "${nearest}"?`
      : missing !== ''
        ? `the types of ${missing} are not known at present; kubectl get apiservices says why`
        : 'kubectl api-resources lists the types that the server has';
  return new TraceCommandError(ExitCode.requestFailed, 'UnknownResourceType', message, { hint });
}
