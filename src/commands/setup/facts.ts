import { componentPod } from '../../control-plane/component-pod.ts';
import type { ClusterFacts } from '../../control-plane/kind.ts';
import { list, member, nodeFacts, text } from '../../control-plane/objects.ts';
import { versionOf, versionRequest } from '../../kube/api/identity.ts';
import type { Exchange } from '../../kube/http/exchange.ts';
import { parseJSON } from '../../kube/json.ts';
import { ExitCode, TraceCommandError } from '../../errors.ts';
import { getJSON, type SetupCluster } from './setup-cluster.ts';

/** Where `setup backend` puts its objects, and the label by which they are found. */
export const BACKEND_NAMESPACE = 'tracing';
export const MANAGED_BY = 'kubectl-trace';

/** Enough of a large cluster to see how it was made. */
const LIMIT: readonly [string, string] = ['limit', '500'];

/** Reads what shows how the cluster was made. What the user may not read is undefined. Rejects without a version. */
export async function readFacts({ cluster, read, objectOf }: SetupCluster): Promise<ClusterFacts> {
  const exchange = await read(versionRequest());
  objectOf(exchange);
  const version = versionOf(exchange);
  if (version === undefined) {
    throw new TraceCommandError(ExitCode.requestFailed, 'NoVersion', 'the server does not say which version it is', {
      hint: 'give it: --kubernetes-version 1.33.1, with the kind of cluster',
    });
  }
  const [nodes, pods, groups] = await Promise.all([
    read(getJSON('/api/v1/nodes', [LIMIT])),
    read(getJSON('/api/v1/namespaces/kube-system/pods', [['labelSelector', 'tier=control-plane'], LIMIT])),
    read(getJSON('/apis')),
  ]);
  return {
    gitVersion: version.gitVersion,
    server: cluster.server,
    nodes: itemsIn(nodes, 'items')?.map((node) => nodeFacts(node)),
    components: itemsIn(pods, 'items')?.flatMap((pod) => componentPod(pod) ?? []),
    apiGroups: itemsIn(groups, 'groups')?.map((group) => text(group, 'name')),
  };
}

function itemsIn({ status, body }: Exchange, name: string): readonly unknown[] | undefined {
  return status === 200 ? list(parseJSON(body), name) : undefined;
}

/** The endpoint of a backend that `setup backend` made: the cluster IP of its Service. Undefined without one. */
export async function backendEndpoint({ read }: SetupCluster): Promise<string | undefined> {
  const path = `/api/v1/namespaces/${BACKEND_NAMESPACE}/services`;
  const services = itemsIn(
    await read(getJSON(path, [['labelSelector', `app.kubernetes.io/managed-by=${MANAGED_BY}`]])),
    'items',
  );
  const ip = services?.map((service) => text(member(service, 'spec'), 'clusterIP')).find((each) => isAddress(each));
  return ip === undefined ? undefined : `${ip.includes(':') ? `[${ip}]` : ip}:4317`;
}

const isAddress = (ip: string): boolean => /^[\da-f:.]+$/i.test(ip);
