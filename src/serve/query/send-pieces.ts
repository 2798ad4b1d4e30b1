import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Meter, Turns } from '../../store/turns.ts';
import type { Connections } from '../connections.ts';

/** What sending takes part in: its turns with all other work, and the connections that are looked after. */
export interface Sending {
  readonly turns: Turns;
  readonly connections: Connections;
  /** Of the whole request, with what has been looked for. */
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
      const { done, value } = await turns.once(() => pieces.next(), { meter, signal: gone.signal });
      if (done === true) break;
      if (value === '' || response.write(value) || socket === null) continue;
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
