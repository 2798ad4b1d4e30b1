import { once } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Meter, Turns } from '../../store/turns.ts';
import type { Connections } from '../connections.ts';

/** The environment of sending: turns with all other work, and the watched connections. */
export interface Sending {
  readonly turns: Turns;
  readonly connections: Connections;
  /** Work for the request, including its search. */
  readonly meter: Meter;
}

/** The form of a response in pieces. */
export interface Form {
  /** 200 unless it is given. */
  readonly status?: number;
  readonly headers: OutgoingHttpHeaders;
  /** Bytes that are held until the last piece has been taken, beside the piece itself. */
  readonly heldBytes: number;
}

const JSON_FORM: Form = { headers: { 'content-type': 'application/json' }, heldBytes: 0 };

/**
 * Sends a text piece by piece, as fast as it is taken: there is no more than one piece that has not been. Each is made in
 * a turn. Resolves when all has been sent, or the reader has gone.
 */
export async function sendPieces(
  response: ServerResponse,
  pieces: Iterator<string>,
  sending: Sending,
  { status = 200, headers, heldBytes }: Form = JSON_FORM,
): Promise<void> {
  const { turns, connections, meter } = sending;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const socket = await connectionOf(response, gone.signal);
    response.writeHead(status, headers);
    for (;;) {
      const { text, isLast } = await turns.once(() => gather(pieces), { meter, signal: gone.signal });
      const isTaken = text === '' || response.write(text);
      if (isLast) break;
      if (isTaken) continue;
      connections.unread(socket, response.writableLength + heldBytes);
      await once(response, 'drain', { signal: gone.signal });
      connections.unread(socket, 0);
      connections.progress(socket);
    }
    response.end();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

/** The connection, once the responses to earlier requests on it have been sent. Until then nothing waits for a reader. */
export async function connectionOf(response: ServerResponse, signal?: AbortSignal): Promise<Socket> {
  if (response.socket !== null) return response.socket;
  const [socket] = (await once(response, 'socket', signal === undefined ? {} : { signal })) as [Socket];
  return socket;
}

/** Size of one chunk, in characters, and maximum time for making it, in milliseconds. */
export const PIECE = 64 * 1024;
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
