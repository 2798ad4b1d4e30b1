import { parseBackendSpec } from '../backend/spec.ts';
import type { GetInvocation } from '../cli/invocation.ts';
import { ExitCode, TraceCommandError } from '../errors.ts';
import { openDiscoveryCache } from '../kube/discovery-cache.ts';
import { resolveResourceType } from '../kube/discovery.ts';
import type { Cluster } from '../kube/exchange.ts';
import { getRequest, rawRequest } from '../kube/request.ts';
import type { Runtime } from '../runtime.ts';
import { Journal } from './journal.ts';
import { finish } from './finish.ts';
import { openTracedCluster, type ClusterWish } from './open-cluster.ts';

/** `kubectl trace get`: sends the request once, looks for its trace, and tells both. */
export async function runGet(invocation: GetInvocation, runtime: Runtime, version: string): Promise<ExitCode> {
  // Everything that can be refused is refused before anything is sent.
  const { backend } = invocation.lookup;
  const spec = backend === undefined ? undefined : parseBackendSpec(backend);
  const cluster = await openTracedCluster(wishOf(invocation), runtime, version);
  const journal = new Journal(cluster, runtime);
  let failure: TraceCommandError | undefined;
  try {
    await sendAll(invocation, cluster, journal, runtime);
  } catch (error) {
    if (
      !(error instanceof TraceCommandError) ||
      (error.exitCode === ExitCode.usage && journal.exchanges.length === 0)
    ) {
      cluster.close();
      throw error;
    }
    failure = error;
  }
  try {
    return await finish({ invocation, cluster, journal, spec, failure, version }, runtime);
  } finally {
    cluster.close();
  }
}

function wishOf({ connection, lookup: { tracerUser } }: GetInvocation): ClusterWish {
  return { connection, ...(tracerUser !== undefined && { tracerUser }) };
}

async function sendAll(invocation: GetInvocation, cluster: Cluster, journal: Journal, runtime: Runtime): Promise<void> {
  if (invocation.raw !== undefined) {
    await journal.send(rawRequest(invocation.raw));
    return;
  }
  const cache = openDiscoveryCache(invocation.connection, cluster.server, runtime);
  const type = await resolveResourceType(invocation.resource, { send: journal.send, cache });
  const { names, allNamespaces, labelSelector, fieldSelector } = invocation;
  const requests = getRequest(type, {
    names,
    namespace: cluster.namespace,
    allNamespaces,
    labelSelector,
    fieldSelector,
  });
  for (const request of requests) await journal.send(request);
}
