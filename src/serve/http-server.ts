import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Connections } from './connections.ts';
import type { Limits } from './limits.ts';

const KEEP_ALIVE_MILLIS = 60_000;
/**
 * Requests of one connection at one time. Node.js reads all that a client sends without waiting for responses, and holds
 * some KiB for each. Exporters and browsers wait for them.
 */
const MAX_PIPELINED = 8;
/** Between two pieces it is seen whether there are more: in 64 KiB, which Node.js reads at once, fit 2,000 requests. */
const PIECE_BYTES = 1024;

/** A server of HTTP/1.1 whose connections are handed to it by `handOver`. */
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
    // The rest of a piece of a connection that is closed already.
    if (socket.destroyed) return;
    if (connections.begin(socket) > MAX_PIPELINED) {
      // Requests that are already read are dropped.
      socket.pause();
      socket.destroy();
      return;
    }
    response.once('close', () => connections.end(socket));
    void serve(request, response);
  });
  // Node.js looks for heads and requests that take too long only once the server listens, which another does for it.
  server.emit('listening');
  return server;
}

/** Lets the server serve a connection of which `held` has been read. Its bytes are taken in small pieces. */
export function handOver(server: Server, socket: Socket, held: Buffer = Buffer.alloc(0)): void {
  server.emit('connection', socket);
  // Without a listener besides its own the server takes the bytes before they become those of the stream.
  socket.on('data', () => {});
  const push = socket.push.bind(socket);
  socket.push = (chunk: Buffer | null): boolean => {
    if (chunk === null || chunk.length <= PIECE_BYTES) return push(chunk);
    let wantsMore = true;
    for (const piece of pieces(chunk)) if (!socket.destroyed) wantsMore = push(piece);
    return wantsMore;
  };
  for (const piece of pieces(held).toReversed()) socket.unshift(piece);
}

const pieces = (bytes: Buffer): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / PIECE_BYTES) }, (_, index) =>
    bytes.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES),
  );
