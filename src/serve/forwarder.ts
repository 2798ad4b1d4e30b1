import type { Clock } from '../runtime.ts';
import type { Limits } from './limits.ts';
import type { Encoding } from './batch-writer.ts';
import type { ServeStats } from './serve-stats.ts';

interface Queued {
  readonly bytes: Buffer;
  readonly encoding: Encoding;
}

/** Pauses between attempts grow from the one to the other. */
const FIRST_PAUSE_MILLIS = 500;
const MAX_PAUSE_MILLIS = 30_000;
const ATTEMPT_MILLIS = 10_000;

/**
 * Forwards stored spans to another receiver of OTLP, over HTTP, in order of arrival. While that receiver is
 * unavailable, up to `forwardBytes` wait; beyond that the oldest are dropped and counted. Senders never wait for it.
 */
export class Forwarder {
  readonly #url: string;
  readonly #limits: Limits;
  readonly #stats: ServeStats;
  readonly #clock: Clock;
  readonly #fetch: typeof globalThis.fetch;
  readonly #ended = new AbortController();
  readonly #queue: Queued[] = [];
  #bytes = 0;
  #working: Promise<void> | undefined;
  /** The last attempt has failed. */
  #isFailing = false;

  constructor(
    url: string,
    parts: {
      readonly limits: Limits;
      readonly stats: ServeStats;
      readonly clock: Clock;
      readonly fetch: typeof globalThis.fetch;
    },
  ) {
    this.#url = `${url}/v1/traces`;
    this.#limits = parts.limits;
    this.#stats = parts.stats;
    this.#clock = parts.clock;
    this.#fetch = parts.fetch;
  }

  add(bytes: Buffer, encoding: Encoding): void {
    this.#queue.push({ bytes, encoding });
    this.#bytes += bytes.length;
    while (this.#bytes > this.#limits.forwardBytes) {
      this.#takeFirst();
      this.#stats.notForwarded('too much is waiting');
    }
    this.#working ??= this.#work();
  }

  /** Resolves when the queue is empty, or when that is not to be expected in time; the rest is counted as given up. */
  async close(graceMillis: number): Promise<void> {
    const timer = setTimeout(() => this.#ended.abort(), this.#isFailing ? 0 : graceMillis);
    await this.#working;
    clearTimeout(timer);
    for (let left = this.#queue.length; left > 0; left--) this.#stats.notForwarded('the end came first');
  }

  async #work(): Promise<void> {
    let pause = FIRST_PAUSE_MILLIS;
    const { signal } = this.#ended;
    for (let first = this.#queue[0]; first !== undefined && !signal.aborted; first = this.#queue[0]) {
      const { next, problem } = await this.#send(first);
      this.#isFailing = next === 'again';
      if (next === 'again') {
        this.#stats.notForwardedYet(problem);
        await this.#clock.sleep(pause, signal).catch(() => undefined);
        pause = Math.min(pause * 2, MAX_PAUSE_MILLIS);
        continue;
      }
      pause = FIRST_PAUSE_MILLIS;
      // It may have been given up meanwhile, because too much was waiting.
      if (this.#queue[0] === first) this.#takeFirst();
      if (next === 'done') this.#stats.forwarded();
      else this.#stats.notForwarded(problem);
    }
    this.#working = undefined;
  }

  /** The next step for a request. */
  async #send({
    bytes,
    encoding,
  }: Queued): Promise<{ readonly next: 'done' | 'again' | 'give-up'; readonly problem: string }> {
    try {
      const response = await this.#fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf' },
        body: new Uint8Array(bytes),
        redirect: 'manual',
        signal: AbortSignal.any([this.#ended.signal, AbortSignal.timeout(ATTEMPT_MILLIS)]),
      });
      await response.body?.cancel();
      const { status } = response;
      const problem = `${new URL(this.#url).origin} responded ${status}`;
      if (response.ok) return { next: 'done', problem };
      // Statuses that may be tried again, by the specification of OTLP over HTTP.
      return { next: [429, 502, 503, 504].includes(status) ? 'again' : 'give-up', problem };
    } catch (error) {
      const { cause } = error as { readonly cause?: NodeJS.ErrnoException };
      const why = cause?.code ?? (error instanceof Error ? error.name : String(error));
      return { next: 'again', problem: `${new URL(this.#url).origin} cannot be reached (${why})` };
    }
  }

  #takeFirst(): void {
    const first = this.#queue.shift();
    this.#bytes -= first?.bytes.length ?? 0;
  }
}
