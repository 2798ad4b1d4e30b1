import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Meter, Turns } from '../../store/turns.ts';
import type { Connections } from '../connections.ts';

/** The environment of sending: turns with all other work, and the watched connections. */
export interface Sending {
  readonly turns: Turns;
  readonly connections: Connections;
  /** Work for the request, including its search. */
  readonly meter: Meter;
}

/**
 * Sends JSON piece by piece, as fast as it is taken: there is no more than one piece that has not been. Each is made in a
 * turn. Resolves when all has been sent, or the reader has gone.
 */
export async function sendPieces(response: ServerResponse, pieces: Iterator<string>, sending: Sending): Promise<void> {
  const { turns, connections, meter } = sending;
  const { socket } = response;
  response.writeHead(200, { 'content-type': 'application/json' });
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    for (;;) {
      const { text, isLast } = await turns.once(() => gather(pieces), { meter, signal: gone.signal });
      const isTaken = text === '' || response.write(text);
      if (isLast) break;
      if (isTaken || socket === null) continue;
      connections.unread(socket, response.writableLength);
      await once(response, 'drain', { signal: gone.signal });
      connections.unread(socket, 0);
      connections.progress(socket);
    }
    response.end();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

/** Size of one chunk, in characters, and maximum time for making it, in milliseconds. */
const PIECE = 64 * 1024;
const PIECE_MILLIS = 1;

/** A small trace is one piece: each piece costs a turn. */
function gather(pieces: Iterator<string>): { readonly text: string; readonly isLast: boolean } {
  const end = performance.now() + PIECE_MILLIS;
  let text = '';
  do {
    const { done, value } = pieces.next();
    if (done === true) return { text, isLast: true };
    text += value;
  } while (text.length < PIECE && performance.now() < end);
  return { text, isLast: false };
}
