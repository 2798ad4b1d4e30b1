import { createServer, type Socket } from 'node:net';
import type { Connections } from '../connections.ts';
import { handOver, httpServer } from '../http-server.ts';
import type { Limits } from '../limits.ts';
import { listen, type Address, type Listener } from '../listen.ts';
import type { Gate } from '../gate.ts';
import { tlsLayer } from '../tls.ts';
import type { SocketAddress } from '../unix-socket.ts';
import { sendV1Error } from './responses.ts';
import { serveQuery, type ResponseSources } from './routes.ts';

/** Serves Jaeger's look-up API. Throws TraceCommandError when the port cannot be listened on. */
export function listenQuery(
  address: Address | SocketAddress,
  parts: {
    readonly limits: Limits;
    readonly sources: ResponseSources;
    readonly connections: Connections;
    /** Undefined: no token is required. */
    readonly gate: Gate | undefined;
  },
): Promise<Listener> {
  const { limits, sources, connections, gate } = parts;
  const at = 'path' in address ? { socket: `unix:${address.path}` } : {};
  const http = httpServer(limits, connections, (request, response) =>
    serveQuery(request, response, { ...sources, ...at, connections, gate }).catch((error: unknown) => {
      // The store may be locked or gone: the client may repeat the request.
      if (response.headersSent) response.destroy();
      else sendV1Error(response, 500, error instanceof Error ? error.message : String(error));
    }),
  );
  const serve = (socket: Socket): void => {
    handOver(http, socket);
    socket.resume();
  };
  const tls = gate && tlsLayer(gate.credentials, { limits, connections, protocols: ['http/1.1'], serve });
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => {});
    connections.admit(socket, () => (tls === undefined ? serve(socket) : tls.open(socket)));
  });
  return listen(server, address, { connections, tls });
}
