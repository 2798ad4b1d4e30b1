import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Clock } from '../../runtime.ts';
import { between, nanos, type Nanos } from '../../trace/time.ts';
import { momentOf, type Moment, type PhaseEnd } from './phases.ts';

/**
 * Round trips that the making of a connection shows. The time in which this process waited is counted, so its own work is
 * in none of them:
 *
 *     client   |-SYN-|......|-ClientHello-|......|-Finished, request-|......|
 *     server            ^ its kernel         ^ its signature            ^ a session ticket (TLS 1.3), at once
 *
 * TCP may end at a proxy nearby, so a round trip of TLS is the better measure of the way to the server.
 */
export class ConnectionMeasure {
  /** The server's certificate, whether it was accepted or not. */
  certificate: X509Certificate | undefined;
  readonly #started: Moment;
  #connected: Moment | undefined;
  #secured: Moment | undefined;
  #sent: Moment | undefined;
  #ticket: Nanos | undefined;

  constructor(started: Moment) {
    this.#started = started;
  }

  connected(now: Moment): void {
    this.#connected ??= now;
  }

  secured(now: Moment): void {
    this.#secured ??= now;
  }

  /** The first request is on its way, and with it the end of the handshake. */
  sent(now: Moment): void {
    this.#sent ??= now;
  }

  /** The server has sent a session ticket. Before TLS 1.3 that is a part of the handshake. */
  ticket(now: Moment): void {
    this.#ticket ??= waited(this.#sent, now);
  }

  /** The shortest that is known; undefined where none was measured. */
  get roundTrip(): Nanos | undefined {
    const ofTLS = [waited(this.#connected, this.#secured), this.#ticket].filter((time) => time !== undefined);
    if (ofTLS.length === 0) return waited(this.#started, this.#connected);
    // A ticket may arrive together with the response. No round trip is longer than the whole handshake.
    const handshake = elapsed(this.#connected, this.#secured) ?? Infinity;
    return nanos(ofTLS.reduce<number>((least, each) => Math.min(least, each), handshake));
  }
}

const elapsed = (from: Moment | undefined, until: Moment | undefined): Nanos | undefined =>
  from === undefined || until === undefined ? undefined : between(from.at, until.at);

/** The client's own work between two moments that a round trip may have. */
const USUAL_WORK = 2_000_000;

/**
 * The time waited between two moments. Undefined where the client was at work, or without a CPU, for longer: the event may
 * have happened meanwhile.
 */
function waited(from: Moment | undefined, until: Moment | undefined): Nanos | undefined {
  if (from?.waited === undefined || until?.waited === undefined) return undefined;
  const time = Math.max(0, until.waited - from.waited);
  const own = between(from.at, until.at) - time;
  return own > Math.max(USUAL_WORK, time) ? undefined : nanos(time);
}

const measures = new WeakMap<Socket, ConnectionMeasure>();

/** The measure of a connection that was watched when it was made. */
export const measureOf = (socket: Socket): ConnectionMeasure | undefined => measures.get(socket);

/** Watches a connection that is being made. */
export function watchConnection(
  socket: Socket,
  measure: ConnectionMeasure,
  clock: Clock,
  mark: (end: PhaseEnd, moment: Moment) => void,
): void {
  measures.set(socket, measure);
  socket.once('lookup', (error: Error | null) => error === null && mark('lookup', momentOf(clock)));
  socket.once('connect', () => {
    const now = momentOf(clock);
    measure.connected(now);
    mark('connect', now);
  });
  if (!(socket instanceof TLSSocket)) return;
  socket.once('secureConnect', () => {
    const now = momentOf(clock);
    measure.secured(now);
    mark('secureConnect', now);
  });
  socket.on('session', () => measure.ticket(momentOf(clock)));
  // By the time an unaccepted certificate is an error the connection is gone, and the certificate with it. Node emits
  // "secure" before it verifies; without it only details are missing in the message.
  socket.prependOnceListener('secure', () => {
    measure.certificate = socket.getPeerX509Certificate();
  });
}
