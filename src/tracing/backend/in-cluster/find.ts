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
import { openWay, serviceURL, type Journey, type Way } from './reach.ts';

/** A backend in the cluster, with the way to it open. */
export interface FoundBackend {
  readonly status: 'found';
  readonly kind: Recognised['kind'];
  readonly url: string;
  readonly way: Way;
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

type Failure = Extract<Lookup, { readonly status: 'unavailable' | 'failed' }>;

/**
 * Looks through the Services for possible trace backends, and probes them without credentials: first those in the usual
 * namespaces, and only if none of them is a backend the others, which any user may have created. Never rejects.
 */
export async function findBackend(ways: readonly Via[], journey: Journey): Promise<FoundBackend | NotFound> {
  const services = await listServices(journey);
  if (services === undefined) return { status: 'none', services: null, refusals: [], ambiguous: [] };
  const all = candidates(services);
  const refusals: NotFound['refusals'][number][] = [];
  for (const isKnown of [true, false]) {
    const some = all.filter((candidate) => candidate.isKnown === isKnown);
    const found = await findAmong(some, ways, journey);
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
  ways: readonly Via[],
  journey: Journey,
): Promise<FoundBackend | Omit<NotFound, 'services'>> {
  let refusals: NotFound['refusals'] = [];
  let left = some;
  for (const via of ways) {
    if (left.length === 0) break;
    const asked = via === 'port-forward' ? left.slice(0, MOST_FORWARDS) : left;
    const answers = await askAll(asked, via, journey);
    const recognised = answers.filter((answer) => answer.status === 'responded');
    const best = bestOf(recognised);
    await Promise.all(recognised.filter((one) => one !== best).map(({ way }) => way.close()));
    if (best !== undefined) return { status: 'found', kind: best.found.kind, url: best.found.url, way: best.way };
    refusals = answers.flatMap((answer, index) =>
      answer.status === 'refused' ? [{ candidate: asked[index]!, failure: answer.failure }] : [],
    );
    left = refusals.filter(({ failure }) => mayBeReached(failure)).map(({ candidate }) => candidate);
    if (recognised.length > 0) return { status: 'none', refusals, ambiguous: recognised.map(({ found }) => found) };
  }
  return { status: 'none', refusals, ambiguous: [] };
}

export const wantsCredentials = (failure: Failure): boolean =>
  failure.status === 'failed' && /^Backend(Unauthorized|Forbidden|WantsTenant)$/.test(failure.reason);

/** Whether another route may lead there: a service that responded as something else is the same by every route. */
const mayBeReached = (failure: Failure): boolean =>
  failure.status === 'unavailable' || /^(ProxyForbidden|Backend(Unauthorized|Forbidden))$/.test(failure.reason);

/** Each is a connection to a pod. */
const MOST_FORWARDS = 3;

/** All that may be seen; undefined when that is nothing. */
async function listServices({ cluster, runtime }: Journey): Promise<readonly ServiceInfo[] | undefined> {
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
  return lists.every((one) => one === undefined) ? undefined : lists.flatMap((one) => one ?? []);
}

type Answer =
  | {
      readonly status: 'responded';
      readonly found: Recognised;
      readonly way: Way;
      readonly score: number;
      /** It has spans of the API server. */
      readonly knows: boolean;
    }
  | { readonly status: 'refused'; readonly failure: Failure };

/** Timeout in milliseconds for a service that does not respond while no other has spans of the API server. */
const PATIENCE = 10_000;

/** Probes all of them at once. The first that has spans of the API server is enough, and the others are closed. */
async function askAll(asked: readonly Candidate[], via: Via, journey: Journey): Promise<readonly Answer[]> {
  const { clock, interrupted } = journey.runtime;
  const enough = new AbortController();
  const over = new AbortController();
  const timer = clock.sleep(PATIENCE, over.signal).then(
    () => enough.abort(),
    () => undefined,
  );
  const signal = AbortSignal.any([interrupted, enough.signal]);
  const answers = await Promise.all(
    asked.map(async (candidate) => {
      const answer = await ask(candidate, via, journey, signal);
      if (answer.status === 'responded' && answer.knows) enough.abort();
      return answer;
    }),
  );
  over.abort();
  await timer;
  return answers;
}

async function ask(candidate: Candidate, via: Via, journey: Journey, signal: AbortSignal): Promise<Answer> {
  let way: Way | undefined;
  try {
    way = await openWay(via, candidate, journey);
    const url = serviceURL(journey.cluster, candidate);
    const optionsOf = optionsFor(way, journey);
    const found = await probe(url, { optionsOf, kinds: candidate.kinds }, signal);
    if (found.status === 'recognised') {
      const knows = await knowsAPIServer(found, optionsOf, signal);
      return { status: 'responded', found, way, score: candidate.score, knows };
    }
    await way.close();
    return { status: 'refused', failure: found };
  } catch (error) {
    await way?.close();
    if (error instanceof BackendNotReached) return { status: 'refused', failure: error.failure };
    throw error;
  }
}

/** Headers sent to a backend by a route: the user's, unless the cluster would see them. */
export function optionsFor({ fetch, via }: Way, { access, runtime }: Journey): OptionsOfKind {
  const own = via === 'proxy' ? {} : (access?.headers ?? {});
  const tenant = access?.tenant;
  return (kind) => ({
    fetch,
    random: runtime.random,
    headers: { ...(tenant !== undefined && tenantHeaders(kind, tenant)), ...own },
  });
}

type Answered = Extract<Answer, { readonly status: 'responded' }>;

/** The likeliest of those that have spans of the API server, or the only one; of several others none is chosen. */
function bestOf(answers: readonly Answered[]): Answered | undefined {
  const good = answers.filter(({ knows }) => knows).toSorted((one, other) => other.score - one.score);
  return good[0] ?? (answers.length === 1 ? answers[0] : undefined);
}

async function knowsAPIServer(found: Recognised, optionsOf: OptionsOfKind, signal: AbortSignal): Promise<boolean> {
  if (found.services.includes('apiserver')) return true;
  // Tempo lists its services at another endpoint only.
  if (found.kind !== 'tempo') return false;
  const answer = await get(`${found.url}/api/search/tag/service.name/values`, optionsOf(found.kind), signal);
  return answer.status === 'responded' && answer.text.includes('"apiserver"');
}
