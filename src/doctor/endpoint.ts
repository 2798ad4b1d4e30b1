import { endpointProblems, type EndpointProblemKind } from '../control-plane/endpoint.ts';
import type { Cause } from './result.ts';

/** Why spans cannot leave by an endpoint, and what to write instead. */
export interface EndpointFault {
  readonly cause: Cause;
  readonly message: string;
  readonly fix: string;
}

/** Where kube-apiserver and kubelet send spans without an endpoint (otlptracegrpc). */
export const DEFAULT_ENDPOINT = 'localhost:4317';

export const HOST_PORT = 'write the address of a collector as HOST:PORT, such as 10.0.0.5:4317';

const FAULTS: Readonly<Record<EndpointProblemKind, readonly [Cause, fix: string] | undefined>> = {
  malformed: ['EndpointInvalid', HOST_PORT],
  scheme: ['EndpointInvalid', HOST_PORT],
  noPort: ['EndpointInvalid', HOST_PORT],
  httpPort: ['EndpointNotGRPC', 'write the port for OTLP over gRPC, usually 4317'],
  tls: [
    'EndpointTLS',
    'export to a collector without TLS, on the node or in its network, which can export with TLS and credentials',
  ],
  clusterDNS: [
    'EndpointClusterDNS',
    'write the cluster IP of the Service, or run the collector as a DaemonSet with a hostPort and write localhost:4317',
  ],
  // A collector on every node is a usual setup: only a refused connection shows that it is missing.
  loopback: undefined,
};

/** The fault of an endpoint by which no span has arrived; undefined for one that may work. */
export function endpointFault(endpoint: string): EndpointFault | undefined {
  for (const { kind, text } of endpointProblems(endpoint)) {
    const fault = FAULTS[kind];
    if (fault !== undefined)
      return { cause: fault[0], message: `the endpoint ${endpoint} cannot work: ${text}`, fix: fault[1] };
  }
  return undefined;
}
