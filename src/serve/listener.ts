import { performServerHandshake } from 'node:http2';
import { createServer, type Socket } from 'node:net';
import type { Connections } from './connections.ts';
import { serveCall } from './grpc.ts';
import { handOver, httpServer } from './http-server.ts';
import type { Limits } from './limits.ts';
import { listen, type Address, type Listener } from './listen.ts';
import { serveOTLP } from './otlp-http.ts';
import type { Receiver } from './receiver.ts';

/** How HTTP/2 begins (RFC 9113 §3.4); nothing of HTTP/1 begins so. */
const PREFACE = 'PRI';

/**
 * Receives OTLP over gRPC and over HTTP/1.1 on one port: the first bytes of a connection tell which it is. Throws
 * TraceCommandError when the port cannot be listened on.
 */
export function listenOTLP(
  address: Address,
  parts: { readonly receiver: Receiver; readonly connections: Connections },
): Promise<Listener> {
  const { receiver, connections } = parts;
  const { limits } = receiver;
  const http = httpServer(limits, connections, (request, response) => serveOTLP(request, response, receiver));
  const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
    socket.on('error', () => {});
    connections.admit(socket, () =>
      greet(socket, limits, (held, isHTTP2) => {
        if (!isHTTP2) return handOver(http, socket, held);
        socket.unshift(held);
        serveHTTP2(socket, receiver, connections);
      }),
    );
  });
  return listen(server, address, connections);
}

/** Waits for the first bytes and looks at them; a connection that says nothing is closed. */
function greet(socket: Socket, { greetingMillis }: Limits, decide: (held: Buffer, isHTTP2: boolean) => void): void {
  const timer = setTimeout(() => socket.destroy(), greetingMillis);
  socket.once('close', () => clearTimeout(timer));
  let held: Buffer = Buffer.alloc(0);
  const look = (): void => {
    const bytes = socket.read() as Buffer | null;
    if (bytes === null) return;
    held = Buffer.concat([held, bytes]);
    const start = held.toString('latin1', 0, PREFACE.length);
    // One or two bytes may still become either.
    if (start.length < PREFACE.length && PREFACE.startsWith(start)) return;
    socket.off('readable', look);
    clearTimeout(timer);
    decide(held, start === PREFACE);
  };
  socket.on('readable', look);
}

const STREAMS_OF_A_CONNECTION = 100;
const WINDOW_BYTES = 1024 * 1024;
/** Memory of a session, in megabytes, beyond which Node.js refuses streams. Received data is read at once. */
const SESSION_MEGABYTES = 64;

function serveHTTP2(socket: Socket, receiver: Receiver, connections: Connections): void {
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
      await serveCall(stream, headers, receiver);
      // A sender that does not take its response keeps no place for it.
      if (!stream.destroyed) timer = setTimeout(() => stream.destroy(), receiver.limits.greetingMillis);
    };
    void serve();
  });
}
