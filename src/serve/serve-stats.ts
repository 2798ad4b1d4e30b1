import { counted } from '../format/counted.ts';
import type { Divided } from '../store/chunks.ts';
import type { Removed } from '../store/trace-store.ts';
import type { Refusal } from './outcome.ts';

/** Counts since the start. All of them are reported; nothing is dropped in silence. */
export interface Counts {
  storedSpans: number;
  rejectedSpans: number;
  /** Requests whose senders had to retry. */
  busy: number;
  /** Requests that can never be stored: malformed, too large, too slow. */
  refused: number;
  removedTraces: number;
  removedSpans: number;
  forwarded: number;
  /** Requests that --forward gave up. */
  notForwarded: number;
}

/** Counts, and says a thing when it happens first and then once a minute. */
export class ServeStats {
  readonly counts: Counts = {
    storedSpans: 0,
    rejectedSpans: 0,
    busy: 0,
    refused: 0,
    removedTraces: 0,
    removedSpans: 0,
    forwarded: 0,
    notForwarded: 0,
  };
  readonly services = new Set<string>();
  readonly #say: (line: string) => void;
  readonly #nowMillis: () => number;
  readonly #start: number;
  readonly #said = new Map<string, number>();

  constructor(say: (line: string) => void, nowMillis: () => number) {
    this.#say = say;
    this.#nowMillis = nowMillis;
    this.#start = nowMillis();
  }

  /** Another text after each change of what is stored; also after a restart. */
  get changes(): string {
    return `${this.#start}-${this.counts.storedSpans}-${this.counts.removedTraces}`;
  }

  stored({ chunks, spanCount, rejected }: Divided): void {
    this.counts.storedSpans += spanCount;
    this.counts.rejectedSpans += rejected;
    for (const { service } of chunks) {
      if (this.services.has(service) || this.services.size >= MAX_NAMED) continue;
      this.services.add(service);
      this.#say(`Receiving spans of ${service}`);
    }
    if (rejected > 0) {
      const spans = counted(this.counts.rejectedSpans, 'span');
      this.#note('rejected', `note: ${spans} so far had no valid ID or time, or too many bytes or attributes`);
    }
  }

  removed({ traces, spans }: Removed, why: 'size' | 'age'): void {
    if (traces === 0) return;
    this.counts.removedTraces += traces;
    this.counts.removedSpans += spans;
    if (why === 'size') {
      this.#note(
        'size',
        `note: --max-size is reached: ${counted(this.counts.removedTraces, 'trace')} removed so far, the oldest first`,
      );
    }
  }

  refused(outcome: Refusal): void {
    if (outcome.status === 'busy') this.counts.busy++;
    else this.counts.refused++;
    this.#note(outcome.status, `note: a request was refused: ${outcome.message}`);
  }

  forwarded(): void {
    this.counts.forwarded++;
  }

  /** It is tried again. */
  notForwardedYet(problem: string): void {
    this.#note('forward-later', `note: nothing can be forwarded at the moment: ${problem}`);
  }

  notForwarded(problem: string): void {
    this.counts.notForwarded++;
    this.#note(
      'forward',
      `note: ${counted(this.counts.notForwarded, 'request was', 'requests were')} not forwarded so far: ${problem}`,
    );
  }

  #note(kind: string, line: string): void {
    const now = this.#nowMillis();
    if (now - (this.#said.get(kind) ?? -Infinity) < QUIET_MILLIS) return;
    this.#said.set(kind, now);
    this.#say(line);
  }
}

/** The same kind of note is repeated only after this time. */
const QUIET_MILLIS = 60_000;
/** This many services are named in the log. */
const MAX_NAMED = 100;
