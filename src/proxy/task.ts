import type { Relay, RelayConnection, RelayedExchange, RelayedRequest } from '../kube/http/relay.ts';
import type { Refusal } from './refusal.ts';

/** The work of a proxy for the requests that it accepts. */
export interface ProxyTask {
  /** A connection to the API server for one of a client. */
  readonly connect: () => RelayConnection;
  /** Forwards a request, or says why not. */
  readonly send: (connection: RelayConnection, request: RelayedRequest) => Relay | Refusal;
  /**
   * A request is over: its response has arrived completely, it has failed, or one of the two sides has closed the
   * connection.
   */
  readonly over: (exchange: RelayedExchange) => void;
}
