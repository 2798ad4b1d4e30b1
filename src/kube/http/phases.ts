import { between, nanos, type EpochNanos, type Nanos } from '../../trace/time.ts';
import type { Phases } from './exchange.ts';

/** The end of each phase, in the order in which they follow one another. */
const ENDS = ['lookup', 'connect', 'secureConnect', 'written', 'firstByte', 'end'] as const;
export type PhaseEnd = (typeof ENDS)[number];

/** Which phases a request goes through: no lookup for an IP address, no TLS for http, neither on a reused connection. */
export interface ExpectedPhases {
  readonly dns: boolean;
  readonly connect: boolean;
  readonly tls: boolean;
}

/**
 * Collects when the phases of one request ended. They are laid end to end from the request's start, so that they add
 * up to its duration exactly:
 *
 *     start |-dns-|-connect-|--tls--|-send-|--------wait--------|-receive-| end
 */
export class PhaseRecord {
  readonly start: EpochNanos;
  readonly #ends = new Map<PhaseEnd, EpochNanos>();

  constructor(start: EpochNanos) {
    this.start = start;
  }

  /** The first time counts: with several addresses there are several look-ups and attempts. */
  mark(end: PhaseEnd, at: EpochNanos): void {
    if (!this.#ends.has(end)) this.#ends.set(end, at);
  }

  /** The durations, when the request ended at `end`: the phase in which it failed lasts until then, later ones are null. */
  phases(end: EpochNanos, expected: ExpectedPhases): Phases {
    const takesPlace = [expected.dns, expected.connect, expected.tls, true, true, true];
    const durations: (Nanos | null)[] = [];
    let from = this.start;
    let over = false;
    for (const [index, name] of ENDS.entries()) {
      if (over || takesPlace[index] === false) {
        durations.push(null);
        continue;
      }
      const mark = this.#ends.get(name);
      // Node reports some ends late (a request is "finished" when its callback runs), but never before the phase began.
      const until = mark === undefined || mark > end ? end : mark < from ? from : mark;
      over = mark === undefined;
      durations.push(nanos(between(from, until)));
      from = until;
    }
    const [dns, connect, tls, send, wait, receive] = durations as [
      Nanos | null,
      Nanos | null,
      Nanos | null,
      Nanos | null,
      Nanos | null,
      Nanos | null,
    ];
    return {
      dnsNanos: dns,
      connectNanos: connect,
      tlsNanos: tls,
      sendNanos: send,
      waitNanos: wait,
      receiveNanos: receive,
    };
  }
}
