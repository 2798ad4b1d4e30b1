import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TransportError } from '../kube/exchange.ts';
import { endToEnd } from '../kube/relay-headers.ts';
import type { Relay, RelayedExchange } from '../kube/relay.ts';
import { refuse } from './refusal.ts';

/** The client went away while it was waiting. */
export const abandoned: TransportError = {
  reason: 'Abandoned',
  message: 'the command closed the connection before the answer was there',
};

/**
 * Passes a request on and its answer back, byte by byte as they come: nothing is collected, so that a watch is seen at
 * once and a large answer needs no room; nothing is unpacked. Resolves when both are over. Never rejects.
 */
export function forward(incoming: IncomingMessage, response: ServerResponse, relay: Relay): Promise<RelayedExchange> {
  const { outgoing } = relay;
  incoming.on('data', (chunk: Buffer) => relay.sent(chunk.length));
  incoming.pipe(outgoing);
  outgoing.on('response', (answer) => {
    relay.answered(answer);
    response.sendDate = false;
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.rawHeaders));
    // A watch may have nothing to say for minutes; that it has begun is known now.
    response.flushHeaders();
    answer.on('data', (chunk: Buffer) => relay.received(chunk));
    answer.on('end', () => {
      if (answer.rawTrailers.length > 0) response.addTrailers(trailersOf(answer.rawTrailers));
      relay.end(null);
    });
    answer.on('error', fail);
    // Without `end: false` the answer's trailers would come too late.
    answer.pipe(response);
  });
  outgoing.on('error', fail);
  response.on('close', () => {
    if (response.writableFinished) return;
    // Whoever ends a watch that way has seen enough of it.
    relay.end(relay.isAnswered ? null : abandoned);
    outgoing.destroy();
  });
  return relay.ended;

  function fail(error: Error): void {
    if (relay.isOver) return;
    const told = relay.errorOf(error);
    // A client whose connection ends without an answer knows whether it may ask again, and does what it always does.
    if (relay.isAnswered || relay.isLost) response.destroy();
    else refuse(response, { code: 502, reason: 'BadGateway', message: told.message });
    relay.end(told);
  }
}

function trailersOf(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index]!, raw[2 * index + 1]!]);
}
