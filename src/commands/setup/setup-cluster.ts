import type { ConnectionFlags } from '../../connection.ts';
import { requestFailure, requestFailureError } from '../../kube/api/request-failure.ts';
import { get } from '../../kube/api/request.ts';
import { openCluster } from '../../kube/cluster.ts';
import type { Cluster, Exchange, KubeRequest } from '../../kube/http/exchange.ts';
import { parseJSON } from '../../kube/json.ts';
import { requestContext } from '../../propagation/request-context.ts';
import type { Runtime } from '../../runtime.ts';
import { warnOn } from '../../tracing/errors.ts';
import { sendUntraced } from '../../tracing/untraced.ts';

/** A cluster that `setup` reads and, on request, changes. */
export interface SetupCluster {
  readonly cluster: Cluster;
  /** Reads, and reads again where that is safe, until `signal` or else an interrupt of the command. */
  read(request: KubeRequest, signal?: AbortSignal): Promise<Exchange>;
  /** Sends a change once. */
  write(request: KubeRequest): Promise<Exchange>;
  /** The body of a response, as JSON. Throws for a failed request. */
  objectOf(exchange: Exchange): unknown;
  close(): void;
}

/** Opens the cluster for `work`, and closes it afterwards. Rejects as openCluster does, and with what `work` rejects with. */
export async function withCluster<Result>(
  connection: ConnectionFlags,
  runtime: Runtime,
  version: string,
  work: (cluster: SetupCluster) => Promise<Result>,
): Promise<Result> {
  const cluster = await openSetupCluster(connection, runtime, version);
  try {
    return await work(cluster);
  } finally {
    cluster.close();
  }
}

/** Opens the cluster for longer, and sends nothing yet. Rejects as openCluster does. */
export async function openSetupCluster(
  connection: ConnectionFlags,
  runtime: Runtime,
  version: string,
): Promise<SetupCluster> {
  const cluster = await openCluster(connection, runtime, version, { warn: warnOn(runtime) });
  return {
    cluster,
    read: (request, signal = runtime.interrupted) =>
      sendUntraced(cluster, runtime, signal)({ ...request, unsampled: true }),
    write: (request) =>
      cluster.send({ ...request, unsampled: true }, requestContext(runtime.random), runtime.interrupted),
    objectOf: (exchange) => {
      const failure = requestFailure(exchange, { contextName: cluster.contextName });
      if (failure !== undefined) throw requestFailureError(failure);
      return parseJSON(exchange.body);
    },
    close: () => cluster.close(),
  };
}

/** A GET for JSON of a path of the API. */
export const getJSON = (path: string, query: KubeRequest['query'] = []): KubeRequest => ({
  ...get('request', path, 'application/json'),
  query,
});
