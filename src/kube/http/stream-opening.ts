import type { Transform } from 'node:stream';
import type { Clock } from '../../runtime.ts';
import { between, nanos, type EpochNanos, type Nanos } from '../../trace/time.ts';
import { beginsWithList, isStream } from '../api/stream.ts';
import type { KubeRequest } from './exchange.ts';

/** The annotation of the bookmark behind the initial objects, in JSON and in protobuf. */
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/** Compressed bytes that may wait to be searched. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/**
 * Finds the instant from which a stream is only open: the client decides how long, and no component works.
 *
 *     watch, logs -f, exec    request |------| response's head |.........open.........|
 *     WatchList               request |------|--objects--| bookmark |......open.......|
 */
export class StreamOpening {
  #openedAt: EpochNanos | undefined;
  #isAwaited = false;
  #decompress: Transform | undefined;
  /** The end of the last part, in which the annotation may have begun. */
  #rest: Buffer = Buffer.alloc(0);
  readonly #request: KubeRequest;
  readonly #clock: Clock;
  readonly #decompressor: (() => Transform) | undefined;

  /** `decompressor` for gzip; without it a compressed stream counts as open from its head. */
  constructor(request: KubeRequest, clock: Clock, decompressor?: () => Transform) {
    this.#request = request;
    this.#clock = clock;
    this.#decompressor = decompressor;
  }

  /** The head of the response has arrived. */
  begin(status: number | undefined, encoding = 'identity'): void {
    if (!isStream({ ...this.#request, status: status ?? null })) return;
    const isReadable = encoding === 'identity' || (encoding === 'gzip' && this.#decompressor !== undefined);
    if (status === 101 || !beginsWithList(this.#request) || !isReadable) return this.#open();
    this.#isAwaited = true;
    if (encoding === 'identity') return;
    this.#decompress = this.#decompressor?.();
    this.#decompress?.on('data', (chunk: Buffer) => this.#search(chunk)).on('error', () => this.#open());
  }

  take(chunk: Buffer): void {
    if (!this.#isAwaited) return;
    if (this.#decompress === undefined) this.#search(chunk);
    else if (this.#decompress.writableLength > MAX_WAITING_BYTES) this.#open();
    else this.#decompress.write(chunk);
  }

  #search(chunk: Buffer): void {
    if (!this.#isAwaited) return;
    const text = Buffer.concat([this.#rest, chunk]);
    if (text.includes(INITIAL_EVENTS_END)) this.#open();
    else this.#rest = text.subarray(-INITIAL_EVENTS_END.length);
  }

  #open(): void {
    this.#openedAt ??= this.#clock.now();
    this.#isAwaited = false;
    this.#decompress?.destroy();
    this.#decompress = undefined;
  }

  /** How long the stream was open when it ended; null for other responses. */
  openUntil(end: EpochNanos): Nanos | null {
    this.#decompress?.destroy();
    if (this.#openedAt !== undefined) return nanos(Math.max(0, between(this.#openedAt, end)));
    return this.#isAwaited ? nanos(0) : null;
  }
}
