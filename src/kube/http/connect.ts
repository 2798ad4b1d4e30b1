import { Agent } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Receives a connection that is made for a request, before the first packet of it is sent. */
export type Watch = (socket: Socket) => void;

interface WatchedOptions {
  readonly watch?: Watch;
}

type Connected = (error: Error | null, stream: Duplex) => void;

/** Options of a request whose connection is watched when a WatchedAgent makes it. */
export const watchedBy = (watch: Watch): object => ({ watch });

/**
 * Makes connections as Node.js does: TLS and the request are prepared before the first packet is sent, and are sent as soon
 * as the step before is over.
 *
 *     |-prepare TLS-|-prepare the request-| SYN  |.....| ClientHello |.....| check | Finished, request |.....|
 *
 * By the event of a request, `socket`, the first packet would have been sent.
 */
export class WatchedAgent extends Agent {
  override createConnection(options: object, callback?: Connected): Duplex | null | undefined {
    const socket = super.createConnection(options, callback);
    if (socket) (options as WatchedOptions).watch?.(socket as Socket);
    return socket;
  }
}
