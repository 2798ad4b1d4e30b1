import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Connections } from './connections.ts';
import type { Limits } from './limits.ts';

const KEEP_ALIVE_MILLIS = 60_000;

/** A server of HTTP/1.1 whose connections are handed to it, by `emit('connection', socket)`. */
export function httpServer(
  { greetingMillis, requestMillis }: Limits,
  connections: Connections,
  serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Server {
  const options = {
    headersTimeout: greetingMillis,
    requestTimeout: requestMillis,
    keepAliveTimeout: KEEP_ALIVE_MILLIS,
    connectionsCheckingInterval: Math.min(greetingMillis, 5000),
  };
  const server = createServer(options, (request, response) => {
    const { socket } = request;
    connections.begin(socket);
    response.once('close', () => connections.end(socket));
    void serve(request, response);
  });
  // Node.js looks for heads and requests that take too long only once the server listens, which another does for it.
  server.emit('listening');
  return server;
}
