import {
  claimRequest,
  nodesRequest,
  objectEventsRequest,
  placedPodsRequest,
  volumeRequest,
} from '../../kube/api/pod-requests.ts';
import type { KubeRequest } from '../../kube/http/exchange.ts';
import { isObject } from '../../kube/json.ts';
import { eventOf, type APIEvent } from '../../pod/events.ts';
import {
  candidatesOf,
  neighborsOf,
  volumeClaimOf,
  type SchedulingObjects,
  type VolumeClaim,
} from '../../pod/scheduling/neighbors.ts';
import { taintsOf } from '../../pod/placement.ts';
import type { SchedulingQuery } from '../../pod/scheduling/query.ts';
import type { PodReader } from './reader.ts';

/** A pod has few claims; of more than this the first are read. */
const MAX_CLAIMS = 5;

/** Lists that were read once for several pods: those of one Deployment wait for the same. */
export type SharedLists = Map<string, Promise<readonly unknown[]>>;

export interface SchedulingReads {
  readonly reader: PodReader;
  readonly lists: SharedLists;
}

/** Reads what may explain why no node takes a pod: each list once, and no more than the reader's pages. */
export async function readScheduling(
  queries: readonly SchedulingQuery[],
  namespace: string,
  claims: readonly string[],
  { reader, lists }: SchedulingReads,
): Promise<SchedulingObjects> {
  const list = (request: KubeRequest, what: string): Promise<readonly unknown[]> => {
    const key = JSON.stringify([request.path, request.query]);
    const known = lists.get(key) ?? reader.list(request, what);
    lists.set(key, known);
    return known;
  };
  const wants = (kind: SchedulingQuery['kind']): boolean => queries.some((query) => query.kind === kind);
  const [neighbors, nodes, volumeClaims] = await Promise.all([
    wants('pods') ? readPods(podsQuery(queries), namespace, list) : undefined,
    wants('nodes') ? list(nodesRequest(), 'the nodes') : undefined,
    wants('claims') ? readClaims(claims.slice(0, MAX_CLAIMS), namespace, reader) : undefined,
  ]);
  const known = nodes === undefined || nodes.length === 0 ? undefined : nodes;
  return {
    pods: neighbors === undefined ? undefined : neighborsOf(neighbors),
    nodes: known === undefined ? undefined : candidatesOf(known),
    taints: known === undefined ? undefined : taintsOf(known),
    claims: volumeClaims,
  };
}

type PodsQuery = Extract<SchedulingQuery, { readonly kind: 'pods' }>;

/** The one query of pods as it is. Several that differ become one query of all pods. */
function podsQuery(queries: readonly SchedulingQuery[]): PodsQuery {
  const pods = queries.filter((query) => query.kind === 'pods');
  const distinct = new Map(pods.map((query) => [JSON.stringify(query), query]));
  const [only] = distinct.values();
  return only !== undefined && distinct.size === 1 ? only : { kind: 'pods' };
}

/** The pods on nodes; only those of the namespace where the others may not be read. */
async function readPods(
  { node, isLocal = false, labels = '' }: PodsQuery,
  namespace: string,
  list: (request: KubeRequest, what: string) => Promise<readonly unknown[]>,
): Promise<readonly unknown[]> {
  const everywhere = isLocal ? [] : await list(placedPodsRequest(null, node, labels), 'the pods of other namespaces');
  return everywhere.length > 0 ? everywhere : list(placedPodsRequest(namespace, node, labels), 'the pods on nodes');
}

function readClaims(names: readonly string[], namespace: string, reader: PodReader): Promise<readonly VolumeClaim[]> {
  return Promise.all(
    names.map(async (name) => {
      const claim = await reader.optional(claimRequest(namespace, name), 'the claims');
      const uid = isObject(claim) && isObject(claim['metadata']) ? claim['metadata']['uid'] : undefined;
      const events = typeof uid === 'string' ? await reader.list(objectEventsRequest(namespace, uid), 'events') : [];
      const warning = claimWarning(events.flatMap((event) => eventOf(event) ?? []));
      const volume = volumeClaimOf(name, claim, undefined, undefined).volume;
      const pv = volume === undefined ? undefined : await reader.optional(volumeRequest(volume), 'the volumes');
      return volumeClaimOf(name, claim, pv, warning);
    }),
  );
}

/** The newest warning of the events about a claim. */
export const claimWarning = (events: readonly APIEvent[]): string | undefined =>
  events
    .filter(({ reason }) => WARNINGS.test(reason))
    .toSorted((one, other) => Number(one.last.at - other.last.at))
    .at(-1)?.message;

/** Event reasons from pkg/controller/volume/events/event.go; external provisioners use the same ones. */
const WARNINGS = /^(ProvisioningFailed|FailedBinding|ClaimLost|ClaimMisbound|ProvisioningCleanupFailed)$/;
