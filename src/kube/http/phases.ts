import type { Clock } from '../../runtime.ts';
import { between, nanos, type EpochNanos, type Nanos } from '../../trace/time.ts';
import type { Phases } from './exchange.ts';
import { ReceivedBytes } from './received-bytes.ts';

/** The end of each phase, in the order in which they follow one another. */
const ENDS = ['lookup', 'connect', 'secureConnect', 'written', 'firstByte', 'end'] as const;
export type PhaseEnd = (typeof ENDS)[number];

/** The phases that end with one message from the other side. */
const ANSWERED: ReadonlySet<PhaseEnd> = new Set(['connect', 'secureConnect', 'firstByte']);

/** Which phases a request goes through: no lookup for an IP address, no TLS for http, neither on a reused connection. */
export interface ExpectedPhases {
  readonly dns: boolean;
  readonly connect: boolean;
  readonly tls: boolean;
  /** The client decides how long it stays open: when it reads does not count. */
  readonly isStream?: boolean;
}

/** An instant, and how long this process had waited for events by then (see Clock). */
export interface Moment {
  readonly at: EpochNanos;
  readonly waited?: number | undefined;
}

export const momentOf = (clock: Clock): Moment => ({ at: clock.now(), waited: clock.waited?.() });

/** The phases of a request, and how much of each this process was at work, or waited for a CPU. */
export interface MeasuredPhases {
  readonly phases: Phases;
  /** Null where it is not measured. */
  readonly clientPhases: Phases | null;
  /** When each tenth of the response was in, from its first byte; null for a short one. */
  readonly receivedNanos: readonly Nanos[] | null;
}

/** Knows when something arrived that this process noticed later (see Turns). */
interface Arrivals {
  arrival(from: Moment, until: Moment): Nanos | undefined;
}

/**
 * Collects when the phases of one request ended. They are laid end to end from the request's start, so that they add
 * up to its duration exactly:
 *
 *     start |-dns-|-connect-|--tls--|-send-|--------wait--------|-receive-| end
 *     waited |....| |.......| |..|   |.|    |..................|  |....|         the rest of each is the client's own
 */
export class PhaseRecord {
  readonly begun: Moment;
  readonly #ends = new Map<PhaseEnd, Moment>();
  readonly #sent = new Map<PhaseEnd, Moment>();
  readonly #noticed = new Map<PhaseEnd, Moment>();
  readonly #arrivals: Arrivals | undefined;
  readonly #received = new ReceivedBytes();
  /** Since when the client of a relayed request does not read. */
  #heldSince: Moment | undefined;
  /** How long this process waited for it, and for how much of that behind the last part that arrived. */
  #held = 0;
  #heldBehind = 0;

  constructor(start: Moment, arrivals?: Arrivals) {
    this.begun = start;
    this.#arrivals = arrivals;
  }

  get start(): EpochNanos {
    return this.begun.at;
  }

  /** The first time counts: with several addresses there are several look-ups and attempts. */
  mark(end: PhaseEnd, moment: Moment): void {
    if (!this.#ends.has(end)) this.#ends.set(end, moment);
  }

  /** The client's message was sent to which the server responds with the end of a phase; the last one counts. */
  sent(end: PhaseEnd, moment: Moment): void {
    if (!this.#ends.has(end)) this.#sent.set(end, moment);
  }

  /** The message that ends a phase was noticed; the client works on it until the end. Without this, the end counts. */
  noticed(end: PhaseEnd, moment: Moment): void {
    if (!this.#ends.has(end)) this.#noticed.set(end, moment);
  }

  /** A part of the response has arrived. */
  received(at: EpochNanos, bytes: number): void {
    this.#received.add(at, bytes);
    this.#heldBehind = 0;
  }

  /** From now on the client does not read what has arrived, and the server's next bytes wait. */
  held(moment: Moment): void {
    this.#heldSince ??= moment;
  }

  /** The client has read. */
  resumed(moment: Moment): void {
    if (this.#heldSince === undefined) return;
    const time = waitedFrom(this.#heldSince, moment) ?? 0;
    this.#held += time;
    this.#heldBehind += time;
    this.#heldSince = undefined;
  }

  /** The durations, when the request ended at `end`: the phase in which it failed lasts until then, later ones are null. */
  phases(end: Moment, expected: ExpectedPhases): MeasuredPhases {
    const takesPlace = [expected.dns, expected.connect, expected.tls, true, true, true];
    const durations: (Nanos | null)[] = [];
    const own: (Nanos | null)[] = [];
    let from = this.begun;
    let over = false;
    this.resumed(end);
    const { isStream = false } = expected;
    for (const [index, name] of ENDS.entries()) {
      if (over || takesPlace[index] === false) {
        durations.push(null);
        own.push(null);
        continue;
      }
      const mark = this.#ends.get(name);
      // Node reports some ends late (a request is "finished" when its callback runs), but never before the phase began.
      const until = mark === undefined || mark.at > end.at ? end : mark.at < from.at ? from : mark;
      over = mark === undefined;
      const duration = between(from.at, until.at);
      durations.push(nanos(duration));
      own.push(nanos(Math.max(0, duration - (this.#waited(name, from, until, isStream) ?? duration))));
      from = until;
    }
    const first = this.#ends.get('firstByte');
    return {
      phases: named(durations),
      clientPhases: end.waited === undefined ? null : named(own),
      receivedNanos: first === undefined ? null : this.#received.tenths(first.at),
    };
  }

  #waited(name: PhaseEnd, from: Moment, until: Moment, isStream: boolean): Nanos | undefined {
    const sent = this.#sent.get(name);
    const begun = sent === undefined || sent.at < from.at ? from : sent;
    const waited = waitedFrom(from, until);
    if (name === 'end') return waited && this.#receiving(waited, between(from.at, until.at), until, isStream);
    return (
      (ANSWERED.has(name) ? this.#arrivals?.arrival(begun, this.#noticed.get(name) ?? until) : undefined) ?? waited
    );
  }

  /**
   * A client that waits for longer than it works keeps up with what arrives. Its work between the parts of a response then
   * delays nothing, but for its work behind the last part. The time in which the client of a relayed request does not
   * read is always the client's: this process waits for it, not for the server.
   */
  #receiving(all: Nanos, duration: number, end: Moment, isStream: boolean): Nanos {
    const [held, behind] = isStream ? [0, 0] : [Math.min(this.#held, all), this.#heldBehind];
    const waited = nanos(all - held);
    const { last } = this.#received;
    if (last === undefined || waited < duration - all) return waited;
    const tail = Math.max(0, between(last, end.at) - behind);
    return nanos(Math.max(waited, duration - held - tail));
  }
}

function waitedFrom(from: Moment, until: Moment): Nanos | undefined {
  if (from.waited === undefined || until.waited === undefined) return undefined;
  return nanos(Math.max(0, Math.min(until.waited - from.waited, between(from.at, until.at))));
}

function named(values: readonly (Nanos | null)[]): Phases {
  const [dns = null, connect = null, tls = null, send = null, wait = null, receive = null] = values;
  return {
    dnsNanos: dns,
    connectNanos: connect,
    tlsNanos: tls,
    sendNanos: send,
    waitNanos: wait,
    receiveNanos: receive,
  };
}
