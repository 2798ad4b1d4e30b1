import { performServerHandshake } from 'node:http2';
import { createServer, type Socket } from 'node:net';
import type { Connections } from './connections.ts';
import type { Gate } from './gate.ts';
import { greet } from './greeting.ts';
import { serveCall } from './grpc.ts';
import { handOver, httpServer } from './http-server.ts';
import { listen, type Address, type Listener } from './listen.ts';
import { serveOTLP } from './otlp-http.ts';
import type { Receiver } from './receiver.ts';
import { tlsLayer } from './tls.ts';

interface Parts {
  readonly receiver: Receiver;
  readonly connections: Connections;
  /** Undefined: no token is required. */
  readonly gate: Gate | undefined;
}

/**
 * Receives OTLP over gRPC and over HTTP/1.1 on one port: the first bytes of a connection tell which it is. Throws
 * TraceCommandError when the port cannot be listened on.
 */
export function listenOTLP(address: Address, parts: Parts): Promise<Listener> {
  const { receiver, connections, gate } = parts;
  const { limits } = receiver;
  const http = httpServer(limits, connections, (request, response) => serveOTLP(request, response, { receiver, gate }));
  const serve = (socket: Socket): void =>
    greet(socket, limits, (held, protocol) => {
      if (protocol !== 'http2') return handOver(http, socket, held);
      socket.unshift(held);
      serveHTTP2(socket, { receiver, connections, gate });
    });
  const tls = gate && tlsLayer(gate.credentials, { limits, connections, protocols: PROTOCOLS, serve });
  const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
    socket.on('error', () => {});
    connections.admit(socket, () => (tls === undefined ? serve(socket) : tls.open(socket)));
  });
  return listen(server, address, { connections, tls });
}

/** By preference: an exporter over HTTP offers both, one over gRPC only HTTP/2. HTTP/2 is served for gRPC alone. */
const PROTOCOLS = ['http/1.1', 'h2'];
const STREAMS_OF_A_CONNECTION = 100;
const WINDOW_BYTES = 1024 * 1024;
/** Memory of a session, in megabytes, beyond which Node.js refuses streams. Received data is read at once. */
const SESSION_MEGABYTES = 64;

function serveHTTP2(socket: Socket, { receiver, connections, gate }: Parts): void {
  const session = performServerHandshake(socket, {
    maxSessionMemory: SESSION_MEGABYTES,
    settings: { maxConcurrentStreams: STREAMS_OF_A_CONNECTION, initialWindowSize: WINDOW_BYTES },
  });
  session.on('error', () => {});
  session.on('stream', (stream, headers) => {
    connections.begin(socket);
    let timer: NodeJS.Timeout | undefined;
    stream.once('close', () => {
      clearTimeout(timer);
      connections.end(socket);
    });
    const serve = async (): Promise<void> => {
      await serveCall(stream, headers, { receiver, gate });
      // A sender that does not take its response keeps no place for it.
      if (!stream.destroyed) timer = setTimeout(() => stream.destroy(), receiver.limits.greetingMillis);
    };
    void serve();
  });
}
