import {
  PERMISSIONS,
  type Instance,
  type Observed,
  type Permission,
  type PermissionName,
} from '../../../doctor/observed.ts';
import type { Reading } from '../../../doctor/reading.ts';
import { accessRequest, isAllowed, type AccessAttributes } from '../../../kube/api/access-review.ts';
import { flagzRequest, serverFlagsOf } from '../../../kube/api/control-plane/flagz.ts';
import { identityOf, identityRequest, versionOf, versionRequest } from '../../../kube/api/identity.ts';
import { instancesOf, instancesRequest, runningInstances } from '../../../kube/api/instances.ts';
import { requestFailure } from '../../../kube/api/request-failure.ts';
import { parseVersion } from '../../../control-plane/version.ts';
import type { Cluster } from '../../../kube/http/exchange.ts';
import { read, readingOf, send, type ReadContext } from './reader.ts';

/** The first request: without its response there is nothing to check. */
export async function readVersion(context: ReadContext): Promise<Pick<Observed, 'reach' | 'version'>> {
  const exchange = await send(versionRequest(), context);
  const { status, durationNanos } = exchange;
  const { contextName } = context.cluster;
  const failure = requestFailure(exchange, { contextName });
  // A user who may not read /version may be allowed other requests.
  if (failure !== undefined && status !== 403) {
    const { reason, message, hint = null } = failure;
    const version: Observed['version'] = { status: 'failed', problem: message };
    return { reach: { status: 'failed', reason, message, hint }, version };
  }
  const version = readingOf(exchange, 'get /version', (response) => {
    const found = versionOf(response);
    const parsed = found && parseVersion(found.gitVersion);
    return found && { ...(parsed ?? { patch: 0 }), ...found };
  });
  return { reach: { status: 'reached', durationNanos }, version };
}

export const readIdentity = (context: ReadContext): Promise<Observed['identity']> =>
  read(identityRequest(), { rule: 'create selfsubjectreviews', parse: identityOf }, context);

/** The attributes of each permission. `own`: of the authenticated user, since these requests never impersonate. */
const ATTRIBUTES: Readonly<Record<PermissionName, AccessAttributes & { readonly own?: true }>> = {
  metrics: { path: '/metrics', verb: 'get', own: true },
  flagz: { path: '/flagz', verb: 'get', own: true },
  pods: { group: '', resource: 'pods', verb: 'list', namespace: 'kube-system' },
  podLogs: { group: '', resource: 'pods', subresource: 'log', verb: 'get', namespace: 'kube-system' },
  leases: { group: 'coordination.k8s.io', resource: 'leases', verb: 'list', namespace: 'kube-system' },
  nodes: { group: '', resource: 'nodes', verb: 'list' },
  nodeConfiguration: { group: '', resource: 'nodes', subresource: 'proxy', verb: 'get' },
  services: { group: '', resource: 'services', verb: 'list' },
  serviceProxy: { group: '', resource: 'services', subresource: 'proxy', verb: 'get' },
};

export function readPermissions(context: ReadContext): Promise<readonly Permission[]> {
  return Promise.all(
    PERMISSIONS.map(async (name) => {
      const { own = false, ...attributes } = ATTRIBUTES[name];
      const review = accessRequest(attributes);
      const request = own ? review : { ...review, purpose: 'discovery' as const, unsampled: true as const };
      return { name, allowed: isAllowed(await send(request, context)) ?? null };
    }),
  );
}

export const readInstances = (context: ReadContext): Promise<Reading<readonly Instance[]>> =>
  read(
    instancesRequest(),
    {
      rule: 'list leases in kube-system',
      parse: (exchange) => runningInstances(instancesOf(exchange) ?? []).map(({ id, host }) => ({ id, host })),
    },
    context,
  ).then((reading) =>
    reading.status === 'read' && reading.value.length === 0
      ? { status: 'none', why: 'no API server holds a Lease' }
      : reading,
  );

/** Connections for each API server: a balancer that chooses at random misses none of two with 0.4 %. */
const TRIES = 8;
const MAX_TRIES = 24;

/** How many new connections reach all of this many servers, as far as a balancer lets them. */
export const triesFor = (servers: number): number => (servers < 2 ? 0 : Math.min(MAX_TRIES, servers * TRIES));

/** The cluster, with each request on a new connection. */
export function onNewConnections(cluster: Cluster): Cluster {
  const { sendOnNewConnection } = cluster;
  return sendOnNewConnection === undefined ? cluster : { ...cluster, send: sendOnNewConnection };
}

/** The flags of the API servers that the connections lead to. */
export async function readFlagz(servers: number, context: ReadContext): Promise<Observed['flagz']> {
  const rule = 'get /flagz';
  const first = readingOf(await send(flagzRequest(), context), rule, serverFlagsOf);
  if (first.status !== 'read') return first;
  const elsewhere = onNewConnections(context.cluster);
  const others = await Promise.all(
    Array.from({ length: triesFor(servers) }, async () =>
      readingOf(await send(flagzRequest(), context, elsewhere), rule, serverFlagsOf),
    ),
  );
  return {
    status: 'read',
    value: [first.value, ...others.flatMap((other) => (other.status === 'read' ? [other.value] : []))],
  };
}
