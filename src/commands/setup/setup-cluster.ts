import type { ConnectionFlags } from '../../connection.ts';
import { requestFailure, requestFailureError } from '../../kube/api/request-failure.ts';
import { get } from '../../kube/api/request.ts';
import { openCluster } from '../../kube/cluster.ts';
import type { Cluster, Exchange, KubeRequest } from '../../kube/http/exchange.ts';
import { parseJSON } from '../../kube/json.ts';
import { auditIDOf } from '../../propagation/audit-id.ts';
import type { Runtime } from '../../runtime.ts';
import { newSpanID, newTraceID } from '../../trace/ids.ts';
import { warnOn } from '../../tracing/errors.ts';
import { sendUntraced } from '../../tracing/untraced.ts';

/** A cluster that `setup` reads and, on request, changes. */
export interface SetupCluster {
  readonly cluster: Cluster;
  /** Reads, and reads again where that is safe. */
  read(request: KubeRequest): Promise<Exchange>;
  /** Sends a change once. */
  write(request: KubeRequest): Promise<Exchange>;
  /** The body of a response, as JSON. Throws for a failed request. */
  objectOf(exchange: Exchange): unknown;
}

/** Opens the cluster for `work`, and closes it afterwards. Rejects as openCluster does, and with what `work` rejects with. */
export async function withCluster<Result>(
  connection: ConnectionFlags,
  runtime: Runtime,
  version: string,
  work: (cluster: SetupCluster) => Promise<Result>,
): Promise<Result> {
  const cluster = await openCluster(connection, runtime, version, { warn: warnOn(runtime) });
  const read = sendUntraced(cluster, runtime, runtime.interrupted);
  try {
    return await work({
      cluster,
      read: (request) => read({ ...request, unsampled: true }),
      write: (request) => {
        const [traceID, spanID] = [newTraceID(runtime.random), newSpanID(runtime.random)];
        const context = { traceID, spanID, auditID: auditIDOf(traceID, spanID) };
        return cluster.send({ ...request, unsampled: true }, context, runtime.interrupted);
      },
      objectOf: (exchange) => {
        const failure = requestFailure(exchange, { contextName: cluster.contextName });
        if (failure !== undefined) throw requestFailureError(failure);
        return parseJSON(exchange.body);
      },
    });
  } finally {
    cluster.close();
  }
}

/** A GET for JSON of a path of the API. */
export const getJSON = (path: string, query: KubeRequest['query'] = []): KubeRequest => ({
  ...get('request', path, 'application/json'),
  query,
});
