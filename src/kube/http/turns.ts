import type { Clock } from '../../runtime.ts';
import { between, nanos, type Nanos } from '../../trace/time.ts';
import { momentOf, type Moment } from './phases.ts';

/** Shorter waits may be an error of the measurement. */
const SHORTEST_WAIT = 50_000;

/** A turn that sends something is shorter, unless the thread loses its CPU or prepares much. */
const LONGEST_TURN = 1_000_000;

/** A message that arrived during a turn is noticed sooner than this after it, unless the thread loses its CPU. */
const LONGEST_NOTICE = 2_000_000;

/** Turns that are remembered: a connection has one for each step, and a stream has many. */
const MAX_TURNS = 16;

/**
 * When this thread had no more to do, and began to wait for events. Something that was sent has not arrived before a wait
 * that it ended, so the work between sending and waiting delayed nothing, and is not the client's part:
 *
 *     thread    |send|==work==|......waits......|==work==| noticed
 *     turn ends               x
 *     needed         |--------------------------|           by the network and the server
 *     client                                     |======|
 *
 * Where the thread waited for nothing, it was at work or without a CPU. After a short turn, what is noticed at once was there
 * at the turn's end, which counts as the arrival: it was no later. Otherwise the arrival is not known.
 */
export class Turns {
  readonly #ends: Moment[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something was sent, or an event was handled: this turn ends with it. */
  endSoon(): void {
    setImmediate(() => this.end(momentOf(this.#clock)));
  }

  end(now: Moment): void {
    this.#ends.push(now);
    if (this.#ends.length > MAX_TURNS) this.#ends.shift();
  }

  /** From sending until the arrival of what was noticed at `until`; undefined where that is not known. */
  arrival(from: Moment, until: Moment): Nanos | undefined {
    const ends = this.#ends.filter(({ at, waited }) => waited !== undefined && at >= from.at && at <= until.at);
    const end = ends.findLast((each) => waitedIn(each, until) >= SHORTEST_WAIT);
    if (end !== undefined)
      return nanos(Math.min(between(from.at, end.at) + waitedIn(end, until), between(from.at, until.at)));
    const last = ends.at(-1);
    if (last === undefined || between(last.at, until.at) > LONGEST_NOTICE) return undefined;
    const turn = between(from.at, last.at);
    return turn <= LONGEST_TURN ? nanos(turn) : undefined;
  }
}

const waitedIn = (from: Moment, until: Moment): number =>
  from.waited === undefined || until.waited === undefined ? 0 : until.waited - from.waited;
