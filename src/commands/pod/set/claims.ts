import { claimEventsRequest, claimsRequest } from '../../../kube/api/pod-requests.ts';
import { withLimit } from '../../../kube/api/request.ts';
import { eventOf, type APIEvent } from '../../../pod/events.ts';
import { objectOf, textOf } from '../../../pod/fields.ts';
import type { PodLifecycle } from '../../../pod/lifecycle.ts';
import { volumeClaimOf, type SchedulingObjects } from '../../../pod/scheduling/neighbors.ts';
import type { PodReader } from '../reader.ts';
import { claimWarning } from '../scheduling-reads.ts';
import type { TalliedPod } from './tally.ts';

const WHAT = 'the claims';
const PAGES = 1;
const OBJECTS = 1000;

/**
 * The claims of young pods that wait for them, by the pods' UIDs: whether a volume is on its way decides whether such a
 * pod is stuck. An older one is stuck either way. Two lists, and none where no pod waits for a claim.
 */
export async function readClaims(
  lifecycles: readonly PodLifecycle[],
  pods: readonly TalliedPod[],
  reader: PodReader,
): Promise<ReadonlyMap<string, SchedulingObjects>> {
  const waiting = new Set(lifecycles.filter(isWaiting).map(({ uid }) => uid));
  const those = pods.filter(({ pod }) => waiting.has(pod.uid)).map(({ pod }) => pod);
  if (those.length === 0) return new Map();
  const namespaces = new Set(those.map(({ namespace }) => namespace));
  const [only = null] = namespaces.size === 1 ? [...namespaces] : [];
  const [claims, events] = await Promise.all([
    reader.list(withLimit(claimsRequest(only), OBJECTS), WHAT, PAGES),
    reader.list(withLimit(claimEventsRequest(only), OBJECTS), 'events', PAGES),
  ]);
  // An incomplete list says nothing about a claim that it does not have.
  if (reader.gaps.some(({ what }) => what === WHAT)) return new Map();
  const known = new Map(claims.map((claim) => [keyOf(objectOf(objectOf(claim)['metadata'])), claim]));
  const warnings = Map.groupBy(
    events.flatMap((event) => eventOf(event) ?? []),
    ({ about }: APIEvent) => about.uid,
  );
  return new Map(
    those.map(({ uid, namespace, demand }) => [
      uid,
      {
        claims: demand.volumeClaims.map((name) => {
          const claim = known.get(`${namespace}/${name}`);
          const claimUID = textOf(objectOf(objectOf(claim)['metadata'])['uid']) ?? '';
          return volumeClaimOf(name, claim, undefined, claimWarning(warnings.get(claimUID) ?? []));
        }),
      },
    ]),
  );
}

const isWaiting = ({ verdict: { state, cause } }: PodLifecycle): boolean =>
  state === 'progressing' && cause?.queries?.some(({ kind }) => kind === 'claims') === true;

const keyOf = ({ namespace, name }: Record<string, unknown>): string => `${String(namespace)}/${String(name)}`;
