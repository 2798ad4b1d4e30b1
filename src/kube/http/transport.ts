import type { Agent as HTTPAgent } from 'node:http';
import type { Clock } from '../../runtime.ts';
import type { Destination } from './transport-error.ts';

/** How to reach one API server. */
export interface Transport extends Destination {
  readonly secure: boolean;
  /** Path of the server's URL, without a slash at the end: "" or `/k8s/clusters/c-1`. */
  readonly basePath: string;
  readonly agent: HTTPAgent;
  /** For connections apart from those of `agent`; undefined where all of them go through a proxy, whose agent is one. */
  readonly newAgent: (() => HTTPAgent) | undefined;
  /** The name that the certificate has to be for: --tls-server-name, else the host. */
  readonly verifiedName: string;
  /** The CA, PEM; undefined for the system's. */
  readonly authorities: Buffer | undefined;
  /** Milliseconds for a request with its body; 0 is no limit. */
  readonly timeoutMillis: number;
  readonly clock: Clock;
}
