import { createServer } from 'node:net';
import type { Connections } from '../connections.ts';
import { handOver, httpServer } from '../http-server.ts';
import type { Limits } from '../limits.ts';
import { listen, type Address, type Listener } from '../listen.ts';
import type { SocketAddress } from '../unix-socket.ts';
import { sendV1Error } from './responses.ts';
import { serveQuery, type ResponseSources } from './routes.ts';

/** Serves Jaeger's look-up API. Throws TraceCommandError when the port cannot be listened on. */
export function listenQuery(
  address: Address | SocketAddress,
  parts: { readonly limits: Limits; readonly sources: ResponseSources; readonly connections: Connections },
): Promise<Listener> {
  const { limits, sources, connections } = parts;
  const at = 'path' in address ? { socket: `unix:${address.path}` } : {};
  const http = httpServer(limits, connections, (request, response) =>
    serveQuery(request, response, { ...sources, ...at, connections }).catch((error: unknown) => {
      // The store may be locked or gone: the client may repeat the request.
      if (response.headersSent) response.destroy();
      else sendV1Error(response, 500, error instanceof Error ? error.message : String(error));
    }),
  );
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => {});
    connections.admit(socket, () => {
      handOver(http, socket);
      socket.resume();
    });
  });
  return listen(server, address, connections);
}
