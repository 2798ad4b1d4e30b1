import { claimRequest, nodesRequest, objectEventsRequest, placedPodsRequest } from '../../kube/pod-requests.ts';
import { isObject } from '../../kube/json.ts';
import { eventOf } from '../../pod/events.ts';
import {
  candidatesOf,
  neighborsOf,
  volumeClaimOf,
  type SchedulingSurroundings,
  type VolumeClaim,
} from '../../pod/scheduling/neighbors.ts';
import { taintsOf } from '../../pod/placement.ts';
import type { SchedulingLook } from '../../pod/scheduling/look.ts';
import type { PodReader } from './reader.ts';

/** A pod has few claims; of more than this the first are read. */
const MAX_CLAIMS = 5;

/** Reads what may explain why no node takes a pod: each list once, and no more than the reader's pages. */
export async function readScheduling(
  looks: readonly SchedulingLook[],
  namespace: string,
  claims: readonly string[],
  reader: PodReader,
): Promise<SchedulingSurroundings> {
  const pods = looks.find((look) => look.kind === 'pods');
  const wants = (kind: SchedulingLook['kind']): boolean => looks.some((look) => look.kind === kind);
  const [neighbors, nodes, volumeClaims] = await Promise.all([
    pods === undefined ? undefined : readPods(pods.node, namespace, reader),
    wants('nodes') ? reader.list(nodesRequest(), 'the nodes') : undefined,
    wants('claims') ? readClaims(claims.slice(0, MAX_CLAIMS), namespace, reader) : undefined,
  ]);
  return {
    pods: neighbors === undefined ? undefined : neighborsOf(neighbors),
    nodes: nodes === undefined || nodes.length === 0 ? undefined : candidatesOf(nodes),
    taints: nodes === undefined || nodes.length === 0 ? undefined : taintsOf(nodes),
    claims: volumeClaims,
  };
}

/** The pods on nodes; only those of the namespace where the others may not be read. */
async function readPods(node: string | undefined, namespace: string, reader: PodReader): Promise<readonly unknown[]> {
  const everywhere = await reader.list(placedPodsRequest(null, node), 'the pods of other namespaces');
  return everywhere.length > 0 ? everywhere : reader.list(placedPodsRequest(namespace, node), 'the pods on nodes');
}

function readClaims(names: readonly string[], namespace: string, reader: PodReader): Promise<readonly VolumeClaim[]> {
  return Promise.all(
    names.map(async (name) => {
      const claim = await reader.optional(claimRequest(namespace, name), 'the claims');
      const uid = isObject(claim) && isObject(claim['metadata']) ? claim['metadata']['uid'] : undefined;
      const events = typeof uid === 'string' ? await reader.list(objectEventsRequest(namespace, uid), 'events') : [];
      const warnings = events
        .flatMap((event) => eventOf(event) ?? [])
        .filter(({ reason }) => WARNINGS.test(reason))
        .sort((one, other) => Number(one.last.at - other.last.at));
      return volumeClaimOf(name, claim, warnings.at(-1)?.message);
    }),
  );
}

/** Of pkg/controller/volume/events/event.go; external provisioners use the same reasons. */
const WARNINGS = /^(ProvisioningFailed|FailedBinding|ClaimLost|ClaimMisbound|ProvisioningCleanupFailed)$/;
