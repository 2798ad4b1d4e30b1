import type { Lookup } from '../../../backend/backend.ts';
import { candidates, USUAL_NAMESPACES, type Candidate } from '../../../backend/detect/candidates.ts';
import { get } from '../../../backend/http/client.ts';
import { tenantHeaders } from '../../../backend/kinds.ts';
import { BackendNotReached } from '../../../backend/http/not-reached.ts';
import { probe, type OptionsOfKind, type Recognised } from '../../../backend/detect/probe.ts';
import type { Via } from '../../../backend-access.ts';
import { ListSize } from '../../../kube/api/list.ts';
import { nextPage } from '../../../kube/api/request.ts';
import { servicesOf, servicesRequest, type ServiceInfo } from '../../../kube/api/services.ts';
import { sendUntraced } from '../../untraced.ts';
import { openRoute, serviceURL, type ClusterContext, type Route } from './reach.ts';
import { withDeadline } from '../../../deadline.ts';

/** A backend in the cluster, with the way to it open. */
export interface FoundBackend {
  readonly status: 'found';
  readonly kind: Recognised['kind'];
  readonly url: string;
  readonly route: Route;
}

export interface NotFound {
  readonly status: 'none';
  /** How many Services were looked through; null when none may be listed. */
  readonly services: number | null;
  /** The Services that were probed, and why none of them is a backend. */
  readonly refusals: readonly { readonly candidate: Candidate; readonly failure: Failure }[];
  /** Several responded, and none has spans of the API server. */
  readonly ambiguous: readonly Recognised[];
}

export type Failure = Extract<Lookup, { readonly status: 'unavailable' | 'failed' }>;

/**
 * Looks through the Services for possible trace backends, and probes them without credentials: first those in the usual
 * namespaces, and only if none of them is a backend the others, which any user may have created. Never rejects.
 */
export async function findBackend(routes: readonly Via[], context: ClusterContext): Promise<FoundBackend | NotFound> {
  const services = await listServices(context);
  if (services === undefined) return { status: 'none', services: null, refusals: [], ambiguous: [] };
  const all = candidates(services);
  const refusals: NotFound['refusals'][number][] = [];
  for (const isKnown of [true, false]) {
    const some = all.filter((candidate) => candidate.isKnown === isKnown);
    const found = await findAmong(some, routes, context);
    if (found.status === 'found') return found;
    for (const refusal of found.refusals) refusals.push(refusal);
    // A service that requires credentials may be the backend: no other is taken instead.
    if (found.ambiguous.length > 0 || found.refusals.some(({ failure }) => wantsCredentials(failure))) {
      return { ...found, services: services.length, refusals };
    }
  }
  return { status: 'none', services: services.length, refusals, ambiguous: [] };
}

/** All at once: by each of the ways, until one of them leads to a backend. */
async function findAmong(
  some: readonly Candidate[],
  routes: readonly Via[],
  context: ClusterContext,
): Promise<FoundBackend | Omit<NotFound, 'services'>> {
  let refusals: NotFound['refusals'] = [];
  let left = some;
  for (const via of routes) {
    if (left.length === 0) break;
    const probed = via === 'port-forward' ? left.slice(0, MAX_FORWARDS) : left;
    const results = await probeAll(probed, via, context);
    const responded = results.filter((result) => result.status === 'responded');
    const best = bestOf(responded);
    await Promise.all(responded.filter((item) => item !== best).map(({ route }) => route.close()));
    if (best !== undefined) return { status: 'found', kind: best.found.kind, url: best.found.url, route: best.route };
    refusals = results.flatMap((result, index) =>
      result.status === 'refused' ? [{ candidate: probed[index]!, failure: result.failure }] : [],
    );
    left = refusals.filter(({ failure }) => mayBeReached(failure)).map(({ candidate }) => candidate);
    if (responded.length > 0) return { status: 'none', refusals, ambiguous: responded.map(({ found }) => found) };
  }
  return { status: 'none', refusals, ambiguous: [] };
}

export const wantsCredentials = (failure: Failure): boolean =>
  failure.status === 'failed' && /^Backend(Unauthorized|Forbidden|WantsTenant)$/.test(failure.reason);

/** Whether another route may lead there: a service that responded as something else is the same by every route. */
const mayBeReached = (failure: Failure): boolean =>
  failure.status === 'unavailable' || /^(ProxyForbidden|Backend(Unauthorized|Forbidden))$/.test(failure.reason);

/** Each is a connection to a pod. */
const MAX_FORWARDS = 3;

/** All that may be seen; undefined when that is nothing. */
async function listServices({ cluster, runtime }: ClusterContext): Promise<readonly ServiceInfo[] | undefined> {
  const send = sendUntraced(cluster, runtime, runtime.interrupted);
  const list = async (namespace: string | null): Promise<readonly ServiceInfo[] | undefined> => {
    let exchange = await send(servicesRequest(namespace));
    const first = servicesOf(exchange);
    if (first === undefined) return undefined;
    const all = [...first];
    const size = new ListSize();
    size.add(exchange);
    for (let next = nextPage(exchange); next !== undefined && size.reached === undefined; next = nextPage(exchange)) {
      exchange = await send({ ...next, unsampled: true });
      size.add(exchange);
      for (const service of servicesOf(exchange) ?? []) all.push(service);
    }
    return all;
  };
  const everywhere = await list(null);
  if (everywhere !== undefined) return everywhere;
  const namespaces = [...new Set([cluster.namespace, ...USUAL_NAMESPACES])];
  const lists = await Promise.all(namespaces.map((namespace) => list(namespace)));
  return lists.every((item) => item === undefined) ? undefined : lists.flatMap((item) => item ?? []);
}

type ProbeResult =
  | {
      readonly status: 'responded';
      readonly found: Recognised;
      readonly route: Route;
      readonly score: number;
      /** It has spans of the API server. */
      readonly knows: boolean;
    }
  | { readonly status: 'refused'; readonly failure: Failure };

/** Timeout in milliseconds for a service that does not respond while no other has spans of the API server. */
const PROBE_TIMEOUT_MILLIS = 10_000;

/** Probes all of them at once. The first that has spans of the API server is enough, and the others are closed. */
async function probeAll(
  probed: readonly Candidate[],
  via: Via,
  context: ClusterContext,
): Promise<readonly ProbeResult[]> {
  const { clock, interrupted } = context.runtime;
  const enough = new AbortController();
  const ends = AbortSignal.any([interrupted, enough.signal]);
  return withDeadline(clock, PROBE_TIMEOUT_MILLIS, ends, (signal) =>
    Promise.all(
      probed.map(async (candidate) => {
        const result = await probeOne(candidate, via, context, signal);
        if (result.status === 'responded' && result.knows) enough.abort();
        return result;
      }),
    ),
  );
}

async function probeOne(
  candidate: Candidate,
  via: Via,
  context: ClusterContext,
  signal: AbortSignal,
): Promise<ProbeResult> {
  let route: Route | undefined;
  try {
    route = await openRoute(via, candidate, context);
    const url = serviceURL(context.cluster, candidate);
    const optionsOf = optionsFor(route, context);
    const found = await probe(url, { optionsOf, kinds: candidate.kinds }, signal);
    if (found.status === 'recognised') {
      const knows = await knowsAPIServer(found, optionsOf, signal);
      return { status: 'responded', found, route, score: candidate.score, knows };
    }
    await route.close();
    return { status: 'refused', failure: found };
  } catch (error) {
    await route?.close();
    if (error instanceof BackendNotReached) return { status: 'refused', failure: error.failure };
    throw error;
  }
}

/** Headers sent to a backend by a route: the user's, unless the cluster would see them. */
export function optionsFor({ fetch, via }: Route, { access, runtime }: ClusterContext): OptionsOfKind {
  const own = via === 'proxy' ? {} : (access?.headers ?? {});
  const tenant = access?.tenant;
  return (kind) => ({
    fetch,
    random: runtime.random,
    headers: { ...(tenant !== undefined && tenantHeaders(kind, tenant)), ...own },
  });
}

type RespondedResult = Extract<ProbeResult, { readonly status: 'responded' }>;

/** The likeliest of those that have spans of the API server, or the only one; of several others none is chosen. */
function bestOf(results: readonly RespondedResult[]): RespondedResult | undefined {
  const good = results.filter(({ knows }) => knows).toSorted((one, other) => other.score - one.score);
  return good[0] ?? (results.length === 1 ? results[0] : undefined);
}

async function knowsAPIServer(found: Recognised, optionsOf: OptionsOfKind, signal: AbortSignal): Promise<boolean> {
  if (found.services.includes('apiserver')) return true;
  // Tempo lists its services at another endpoint only.
  if (found.kind !== 'tempo') return false;
  const result = await get(`${found.url}/api/search/tag/service.name/values`, optionsOf(found.kind), signal);
  return result.status === 'responded' && result.text.includes('"apiserver"');
}
