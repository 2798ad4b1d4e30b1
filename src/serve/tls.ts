import type { Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Connections } from './connections.ts';
import { greet } from './greeting.ts';
import type { Limits } from './limits.ts';
import type { ServeCredentials } from './credentials.ts';

/** Connections that are admitted become those over TLS. */
export interface TLSLayer {
  /** Calls the listener's `serve` when the handshake has ended. Closes what is no TLS, and what takes too long. */
  open(socket: Socket): void;
  /** Connections from now on get the renewed certificate. */
  renew(): void;
}

/** As Go's servers respond. HTTP/1.0 closes the connection. */
const NOT_TLS =
  'HTTP/1.0 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n\r\nClient sent an HTTP request to an HTTPS server: use https://\n';

/** TLS for the connections of one listener. */
export function tlsLayer(
  credentials: ServeCredentials,
  parts: {
    readonly limits: Limits;
    readonly connections: Connections;
    readonly protocols: readonly string[];
    readonly serve: (socket: TLSSocket) => void;
  },
): TLSLayer {
  const { limits, connections, protocols, serve } = parts;
  const handshakes = new Map<string, Socket>();
  // It does not listen: connections come to it when there is room for them.
  const server = createServer({
    ...credentials.pair,
    ALPNProtocols: [...protocols],
    handshakeTimeout: limits.greetingMillis,
    minVersion: 'TLSv1.2',
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.on('secureConnection', (socket) => {
    socket.on('error', () => {});
    const carrier = handshakes.get(endsOf(socket));
    if (carrier === undefined) {
      socket.destroy();
      return;
    }
    connections.continueAs(carrier, socket);
    if (!socket.destroyed) serve(socket);
  });
  return {
    open: (socket) =>
      greet(socket, limits, (held, protocol) => {
        if (protocol !== 'tls') {
          socket.write(NOT_TLS);
          socket.destroySoon();
          return;
        }
        const ends = endsOf(socket);
        handshakes.set(ends, socket);
        socket.once('close', () => handshakes.delete(ends));
        socket.unshift(held);
        server.emit('connection', socket);
      }),
    renew: () => server.setSecureContext({ ...credentials.pair, minVersion: 'TLSv1.2' }),
  };
}

/** Identifies an open connection of a listener. Node.js does not say which connection a TLS socket is over. */
const endsOf = ({ remoteAddress, remotePort, localAddress }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress}`;
