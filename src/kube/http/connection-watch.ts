import type { X509Certificate } from 'node:crypto';
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Clock } from '../../runtime.ts';
import { between, nanos, type Nanos } from '../../trace/time.ts';
import { momentOf, type Moment, type PhaseRecord } from './phases.ts';
import type { Turns } from './turns.ts';

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
  readonly turns: Turns;
  #started: Moment;
  #connected: Moment | undefined;
  #greeted: Moment | undefined;
  #secured: Moment | undefined;
  #sent: Moment | undefined;
  #ticket: Nanos | undefined;

  constructor(started: Moment, turns: Turns) {
    this.#started = started;
    this.turns = turns;
  }

  /** An address is tried. */
  attempted(now: Moment): void {
    if (this.#connected === undefined) this.#started = now;
  }

  connected(now: Moment): void {
    this.#connected ??= now;
  }

  /** The ClientHello is on its way. */
  greeted(now: Moment): void {
    this.#greeted ??= now;
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
    this.#ticket ??= this.#waited(this.#sent, now);
  }

  /** The shortest that is known; undefined where none was measured. */
  get roundTrip(): Nanos | undefined {
    const handshake = this.#waited(this.#greeted ?? this.#connected, this.#secured);
    const ofTLS = [handshake, this.#ticket].filter((time) => time !== undefined);
    if (ofTLS.length === 0) return this.#waited(this.#started, this.#connected);
    // A ticket may arrive together with the response. No round trip is longer than the whole handshake.
    const longest = elapsed(this.#connected, this.#secured) ?? Infinity;
    return nanos(ofTLS.reduce<number>((least, each) => Math.min(least, each), longest));
  }

  #waited(from: Moment | undefined, until: Moment | undefined): Nanos | undefined {
    if (from === undefined || until === undefined) return undefined;
    return this.turns.arrival(from, until) ?? waited(from, until);
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
function waited(from: Moment, until: Moment): Nanos | undefined {
  if (from.waited === undefined || until.waited === undefined) return undefined;
  const time = Math.max(0, until.waited - from.waited);
  const own = between(from.at, until.at) - time;
  return own > Math.max(USUAL_WORK, time) ? undefined : nanos(time);
}

const measures = new WeakMap<Socket, ConnectionMeasure>();

/** The measure of a connection that was watched when it was made. */
export const measureOf = (socket: Socket): ConnectionMeasure | undefined => measures.get(socket);

/** Watches a connection that is being made for a request. */
export function watchConnection(socket: Socket, measure: ConnectionMeasure, clock: Clock, record: PhaseRecord): void {
  const { turns } = measure;
  measures.set(socket, measure);
  socket.once('lookup', (error: Error | null) => error === null && record.mark('lookup', momentOf(clock)));
  socket.on('connectionAttempt', () => {
    const now = momentOf(clock);
    measure.attempted(now);
    record.sent('connect', now);
    turns.endSoon();
  });
  // The ClientHello is sent by a listener of the same event.
  socket.prependOnceListener('connect', () => {
    const now = momentOf(clock);
    measure.connected(now);
    record.mark('connect', now);
  });
  if (!(socket instanceof TLSSocket)) return;
  const greet = (): void => {
    const now = momentOf(clock);
    measure.greeted(now);
    record.sent('secureConnect', now);
    turns.endSoon();
  };
  if (socket.connecting) socket.once('connect', greet);
  else greet();
  socket.once('secureConnect', () => record.mark('secureConnect', momentOf(clock)));
  socket.on('session', () => {
    measure.ticket(momentOf(clock));
    turns.endSoon();
  });
  // By the time an unaccepted certificate is an error the connection is gone, and the certificate with it. Node emits
  // "secure" before it verifies; without it only details are missing in the message.
  socket.prependOnceListener('secure', () => {
    const now = momentOf(clock);
    measure.secured(now);
    record.noticed('secureConnect', now);
    measure.certificate = socket.getPeerX509Certificate();
  });
}

/** The bytes of one record of TLS. */
const ONE_RECORD = 16 * 1024;

/**
 * Calls `then` when a request is sent together with the end of the handshake, which was waiting for it. Node.js reports
 * later that it was written.
 */
export function onceSentWithHandshake(socket: Socket, outgoing: ClientRequest, then: () => void): void {
  if (!socket.connecting) return;
  socket.once('secureConnect', () => {
    // TLS sends when the listeners are over.
    queueMicrotask(() => outgoing.writableEnded && socket.writableLength <= ONE_RECORD && then());
  });
}
