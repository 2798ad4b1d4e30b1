import { ExitCode, TraceCommandError } from '../errors.ts';
import type { DiscoveryCache } from './discovery-cache.ts';
import { readAggregated, readGroups, readResourceList } from './discovery-answer.ts';
import type { Exchange, KubeRequest } from './exchange.ts';
import { nearestName } from '../nearest-name.ts';
import { parseJSON } from './json.ts';
import { requestFailure, requestFailureError } from './request-failure.ts';
import { get } from './request.ts';
import { findResourceType, type ResourceType } from './resource-type.ts';

/** Sends one request in a span of its own; the caller records the exchange. */
export type Send = (request: KubeRequest) => Promise<Exchange>;

/** Aggregated discovery in both its versions (v2 since 1.30, v2beta1 since 1.26), or the old answer (KEP-3352). */
const ACCEPT = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

/** Where types are known from, and where they are asked for. */
export interface TypeSource {
  readonly send: Send;
  readonly cache: DiscoveryCache;
}

/**
 * The types that typed names mean, each in its place. They come from the cache, else from the server, which is asked once
 * more for a name that the cache does not have. Rejects with a TraceCommandError for an unknown name, or when the server
 * does not answer.
 */
export async function resolveNamedTypes(typed: readonly string[], source: TypeSource): Promise<ResourceType[]> {
  return resolve(typed, source, (name, types) => {
    const found = findResourceType(name, types);
    return found === undefined ? undefined : [found];
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
    return all.every((each) => each !== undefined) ? all : undefined;
  });
  return [...new Set(found)];
}

type Find = (typed: string, types: readonly ResourceType[]) => readonly ResourceType[] | undefined;

async function resolve(typed: readonly string[], { send, cache }: TypeSource, find: Find): Promise<ResourceType[]> {
  const cached = (await cache.read()) ?? [];
  const known = typed.map((name) => find(name, cached));
  if (known.every((each) => each !== undefined)) return known.flat();
  const types = await discover(send);
  await cache.write(types);
  return typed.flatMap((name) => {
    const found = find(name, types);
    if (found === undefined) throw unknownResourceType(name, types);
    return found;
  });
}

/** All types of the server, core first, then in the server's order with each group's preferred version first. */
export async function discover(send: Send): Promise<readonly ResourceType[]> {
  // One after the other, so that they and the request share one connection; a second handshake takes longer.
  const core = await ask(send, '/api', ACCEPT);
  const groups = await ask(send, '/apis', ACCEPT);
  const types: ResourceType[] = [];
  for (const answer of [core, groups]) {
    types.push(...(readAggregated(answer) ?? (await discoverEach(send, readGroups(answer)))));
  }
  return types;
}

/** Servers before 1.26 answer group by group. A group whose own server is down is left out, as kubectl does. */
async function discoverEach(send: Send, paths: readonly string[]): Promise<ResourceType[]> {
  const types: ResourceType[] = [];
  for (const path of paths) {
    const exchange = await send(discoveryRequest(path, 'application/json'));
    if (requestFailure(exchange) === undefined) types.push(...readResourceList(parse(exchange)));
  }
  return types;
}

async function ask(send: Send, path: string, accept: string): Promise<unknown> {
  const exchange = await send(discoveryRequest(path, accept));
  const failure = requestFailure(exchange);
  if (failure !== undefined) throw requestFailureError(failure);
  return parse(exchange);
}

function discoveryRequest(path: string, accept: string): KubeRequest {
  return get('discovery', path, accept);
}

function parse({ body, request }: Exchange): unknown {
  const answer = parseJSON(body);
  if (answer !== undefined) return answer;
  const message = `the answer to ${request.path} is not JSON`;
  throw new TraceCommandError(ExitCode.requestFailed, 'NotKubernetes', message, {
    hint: 'is this address a Kubernetes API server?',
  });
}

function unknownResourceType(typed: string, types: readonly ResourceType[]): TraceCommandError {
  const [name = '', ...rest] = typed.split('.');
  const group = rest.join('.');
  const where = group === '' ? '' : ` in group ${JSON.stringify(group)}`;
  const message = `the server doesn't have a resource type ${JSON.stringify(name)}${where}`;
  const names = types.flatMap(({ resource, singular, shortNames }) => [resource, singular, ...shortNames]);
  const nearest = nearestName(name, names);
  const hint =
    nearest !== undefined && nearest !== name
      ? `did you mean "${nearest}"?`
      : 'kubectl api-resources lists the types that the server has';
  return new TraceCommandError(ExitCode.requestFailed, 'UnknownResourceType', message, { hint });
}
