import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Relay, RelayedExchange } from '../kube/http/relay.ts';
import { abandoned } from './forward.ts';
import { passOn } from './pass-on.ts';
import { refuseUpgrade } from './refusal.ts';

/**
 * Passes a request for another protocol on (exec, attach and port-forward, by WebSocket or SPDY). Once the server agrees,
 * the two connections are one: whatever either side sends goes to the other, until one of them ends it.
 */
export function upgrade(socket: Duplex, head: Buffer, relay: Relay): Promise<RelayedExchange> {
  const { outgoing } = relay;
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    relay.end(relay.isAnswered ? null : abandoned);
    outgoing.destroy();
  });
  outgoing.on('error', (error) => {
    if (relay.isOver) return;
    const failure = relay.errorOf(error);
    // Behind the beginning of one response there is no place for another.
    if (relay.isLost || relay.isAnswered) socket.destroy();
    else refuseUpgrade(socket, { code: 502, reason: 'BadGateway', message: failure.message });
    relay.end(failure);
  });
  const refuseUnusable = (serverResponse: IncomingMessage): void => {
    const message = `the server's response is unusable: its status line is not HTTP (status ${serverResponse.statusCode})`;
    refuseUpgrade(socket, { code: 502, reason: 'BadGateway', message });
    relay.end({ reason: 'UnusableResponse', message });
    outgoing.destroy();
  };
  outgoing.on('upgrade', (serverResponse, server, serverHead) => {
    relay.responded(serverResponse);
    server.on('error', () => server.destroy());
    if (!isWritable(serverResponse)) {
      server.destroy();
      return refuseUnusable(serverResponse);
    }
    socket.write(headOf(serverResponse, serverResponse.rawHeaders));
    connect({ socket, head }, { socket: server, head: serverHead }, relay);
    server.on('close', () => relay.end(null));
  });
  // The server does not agree: its response is an ordinary one, and then the connection ends.
  outgoing.on('response', (serverResponse) => {
    relay.responded(serverResponse);
    if ((serverResponse.statusCode ?? 0) < 200 || !isWritable(serverResponse)) return refuseUnusable(serverResponse);
    socket.write(headOf(serverResponse, [...closing(serverResponse.rawHeaders), 'Connection', 'close']));
    serverResponse.on('data', (chunk: Buffer) => relay.received(chunk));
    serverResponse.on('end', () => relay.end(null));
    serverResponse.on('error', () => socket.destroy());
    passOn(serverResponse, socket);
  });
  outgoing.end();
  return relay.ended;
}

interface End {
  readonly socket: Duplex;
  /** Bytes that arrived together with the agreement. */
  readonly head: Buffer;
}

function connect(client: End, server: End, relay: Relay): void {
  client.socket.on('data', (chunk: Buffer) => relay.sent.take(chunk));
  server.socket.on('data', (chunk: Buffer) => relay.received(chunk));
  if (client.head.length > 0) {
    relay.sent.take(client.head);
    server.socket.write(client.head);
  }
  if (server.head.length > 0) {
    relay.received(server.head);
    client.socket.write(server.head);
  }
  passOn(client.socket, server.socket);
  passOn(server.socket, client.socket);
  server.socket.on('error', () => client.socket.destroy());
  server.socket.on('close', () => client.socket.end());
  client.socket.on('close', () => server.socket.destroy());
}

/** Whether a status line can be passed on: a reason may say anything, but not in control bytes (RFC 9112 §4). */
const isWritable = ({ statusMessage = '' }: IncomingMessage): boolean =>
  /^[\t\x20-\x7e\x80-\xff]*$/.test(statusMessage);

function headOf({ statusCode, statusMessage = '' }: IncomingMessage, rawHeaders: readonly string[]): Buffer {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  // One character a byte, as Node.js has read them.
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** Node has removed the chunked encoding already, and the end of the connection is the end of the response. */
function closing(raw: readonly string[]): string[] {
  const headers: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    if (!/^(connection|transfer-encoding|keep-alive)$/i.test(raw[index]!)) headers.push(raw[index]!, raw[index + 1]!);
  }
  return headers;
}
