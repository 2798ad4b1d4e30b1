import { createHash } from 'node:crypto';
import type { Failure, Figures } from './messages.ts';

/** Computing that one input may take. */
export const SLOW_MILLIS = 2000;
const MAX_BYTES_OF_ONE = 300e6;
/** Reachable memory that may be there more at the end than after the first inputs: caches of expressions and the like. */
const MAX_GROWTH_BYTES = 48e6;
/** Inputs and time until caches and compiled code are what they stay. */
const FIRST_INPUTS = 2000;
const FIRST_MILLIS = 3000;
const REPORT_MILLIS = 1000;

function collectGarbage(): void {
  globalThis.gc?.();
}

function live(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Measures what inputs take, and says when one takes too much. */
export class Meter {
  readonly #startedAt = performance.now();
  readonly #digest = createHash('sha256');
  readonly #outcomes = new Set<string>();
  #inputs = 0;
  #bytes = 0;
  #slowest = 0;
  #first: { readonly rss: number; readonly live: number } | undefined;
  #peak = 0;
  #reportedAt = performance.now();
  #cpu = process.cpuUsage();
  #wall = 0;
  #rss = 0;

  begin(): void {
    this.#rss = process.memoryUsage.rss();
    this.#cpu = process.cpuUsage();
    this.#wall = performance.now();
  }

  /** Undefined when the input stayed within the limits. */
  end(input: Buffer, outcome: string): Omit<Failure, 'index'> | undefined {
    const { user, system } = process.cpuUsage(this.#cpu);
    // On a busy machine waiting for a core is no computing; collecting garbage on other cores is no waiting.
    const millis = Math.min((user + system) / 1000, performance.now() - this.#wall);
    const rss = process.memoryUsage.rss();
    this.#inputs++;
    this.#bytes += input.length;
    this.#slowest = Math.max(this.#slowest, millis);
    this.#peak = Math.max(this.#peak, rss);
    this.#digest.update(input).update(outcome);
    if (this.#outcomes.size < 10_000) this.#outcomes.add(outcome);
    if (this.#first === undefined && this.#isWarm()) this.#first = this.#settled();
    const taken = rss - this.#rss;
    if (millis > SLOW_MILLIS) return { what: 'slow', message: `more than ${SLOW_MILLIS / 1000} s of computing` };
    if (taken > MAX_BYTES_OF_ONE)
      return { what: 'memory', message: `more than ${MAX_BYTES_OF_ONE / 1e6} MB for one input` };
    return undefined;
  }

  #isWarm(): boolean {
    return this.#inputs >= FIRST_INPUTS && performance.now() - this.#startedAt > FIRST_MILLIS;
  }

  #settled(): { readonly rss: number; readonly live: number } {
    collectGarbage();
    collectGarbage();
    return { rss: process.memoryUsage.rss(), live: live() };
  }

  isTimeToReport(): boolean {
    if (performance.now() - this.#reportedAt < REPORT_MILLIS) return false;
    this.#reportedAt = performance.now();
    return true;
  }

  /** In words, when memory has grown that nothing gives back. Only after enough inputs to tell. */
  leak(): string | undefined {
    if (this.#first === undefined) return undefined;
    const grown = this.#settled().live - this.#first.live;
    return grown > MAX_GROWTH_BYTES
      ? `${Math.round(grown / 1e6)} MB more are reachable than after the first inputs`
      : undefined;
  }

  figures(): Figures {
    const now = this.#settled();
    const first = this.#first ?? now;
    return {
      inputs: this.#inputs,
      bytes: this.#bytes,
      slowestMillis: this.#slowest,
      firstRSS: first.rss,
      lastRSS: now.rss,
      peakRSS: this.#peak,
      firstLive: first.live,
      lastLive: now.live,
      outcomes: this.#outcomes.size,
      digest: this.#digest.copy().digest('hex').slice(0, 16),
    };
  }
}
