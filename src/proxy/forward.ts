import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TransportError } from '../kube/http/exchange.ts';
import { endToEnd, framingOf } from '../kube/http/relay-headers.ts';
import type { Relay, RelayedExchange } from '../kube/http/relay.ts';
import { passOn } from './pass-on.ts';
import { refuse } from './refusal.ts';

/** The client went away while it was waiting. */
export const abandoned: TransportError = {
  reason: 'Abandoned',
  message: 'the command closed the connection before the response arrived',
};

/**
 * Forwards a request and returns its response, byte by byte as they arrive. Nothing is collected, so that a watch is
 * seen at once and a large response needs no memory; nothing is unpacked. Resolves when both are over. Never rejects.
 */
export function forward(incoming: IncomingMessage, response: ServerResponse, relay: Relay): Promise<RelayedExchange> {
  const { outgoing } = relay;
  incoming.on('data', (chunk: Buffer) => relay.sent.take(chunk));
  // Without framing there is no body: nothing may reach the server's connection behind the request's head.
  if (framingOf(incoming.rawHeaders) === 'known') passOn(incoming, outgoing);
  else outgoing.end();
  // Without this a server that switches protocols unasked would be waited for.
  outgoing.on('upgrade', (serverResponse, socket) => {
    socket.destroy();
    fail(unusable(`it switched protocols without a request to (status ${serverResponse.statusCode})`));
  });
  outgoing.on('response', (serverResponse) => {
    relay.responded(serverResponse);
    response.sendDate = false;
    try {
      writeHead(response, serverResponse);
    } catch {
      outgoing.destroy();
      return fail(unusable(`its status line or a header is not HTTP (status ${serverResponse.statusCode})`));
    }
    const headAlone = sendHeadSoon(response);
    serverResponse.once('data', () => clearImmediate(headAlone));
    serverResponse.on('data', (chunk: Buffer) => relay.received(chunk));
    serverResponse.on('end', () => {
      clearImmediate(headAlone);
      if (serverResponse.rawTrailers.length > 0) response.addTrailers(trailersOf(serverResponse.rawTrailers));
      relay.end(null);
    });
    serverResponse.on('error', fail);
    // Only now, because it ends the response: the trailers are added before.
    passOn(serverResponse, response, { held: () => relay.mark('held'), resumed: () => relay.mark('resumed') });
  });
  outgoing.on('error', fail);
  response.on('close', () => {
    if (response.writableFinished) return;
    // A client that ends a watch this way has seen enough of it.
    relay.end(relay.isAnswered ? null : abandoned);
    outgoing.destroy();
  });
  return relay.ended;

  function fail(error: Error): void {
    if (relay.isOver) return;
    const failure = error instanceof UnusableResponse ? error.failure : relay.errorOf(error);
    if (error instanceof UnusableResponse && !response.headersSent) {
      refuse(response, { code: 502, reason: 'BadGateway', message: failure.message });
      return relay.end(failure);
    }
    // A client whose connection ends without a response knows whether it may repeat the request, and does as usual.
    if (relay.isAnswered || relay.isLost) response.destroy();
    else refuse(response, { code: 502, reason: 'BadGateway', message: failure.message });
    relay.end(failure);
  }
}

/**
 * A watch may have nothing to say for minutes, and that it has begun is known now. A body that has arrived with the head
 * is sent together with it. flushHeaders() would encode the head as UTF-8, and a byte beyond ASCII would become two.
 */
const sendHeadSoon = (response: ServerResponse): NodeJS.Immediate =>
  setImmediate(() => {
    if (!response.destroyed && !response.writableEnded) response.write(Buffer.alloc(0));
  });

/** A response that cannot be passed on. */
class UnusableResponse extends Error {
  readonly failure: TransportError;

  constructor(message: string) {
    super(message);
    this.failure = { reason: 'UnusableResponse', message };
  }
}

const unusable = (why: string): UnusableResponse => new UnusableResponse(`the server's response is unusable: ${why}`);

/** Throws for a status or a reason phrase that Node.js does not write: control bytes, or less than three digits. */
function writeHead(response: ServerResponse, serverResponse: IncomingMessage): void {
  const { statusCode = 0, statusMessage, rawHeaders } = serverResponse;
  if (statusCode < 200 || statusCode > 999) throw new RangeError('no final status');
  response.writeHead(statusCode, statusMessage, endToEnd(rawHeaders));
}

function trailersOf(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index]!, raw[2 * index + 1]!]);
}
