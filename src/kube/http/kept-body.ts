import type { KubeRequest } from './exchange.ts';

/** Which responses are stored as well as passed on. */
export type KeptBodies = 'refusals' | 'all';

/** Bytes stored of a response that is wanted. One that is longer is stored in part. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Bytes stored of a refusal: enough for a Status with its causes. */
const MAX_REFUSAL_BYTES = 64 * 1024;

/** The beginning of a response's body, as far as it is stored, and the size of all of it. */
export class KeptBody {
  readonly #keep: KeptBodies;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(keep: KeptBodies) {
    this.#keep = keep;
  }

  /** Bytes of the body, stored or not. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A part of the body of a response with this status. */
  take(chunk: Buffer, status: number): void {
    const limit = this.#keep === 'all' ? MAX_BODY_BYTES : status >= 400 ? MAX_REFUSAL_BYTES : 0;
    if (this.#bytes < limit) this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  stored(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

/** Bytes stored of a request: deletion options and token requests are much smaller. */
const MAX_OPTIONS_BYTES = 16 * 1024;

/** A request's body on its way: it is counted, and stored only if it has options that decide what the server does. */
export class SentBody {
  readonly #chunks: Buffer[] = [];
  readonly #isStored: boolean;
  #bytes = 0;

  constructor({ method, subresource }: KubeRequest) {
    this.#isStored = method === 'DELETE' || subresource === 'token';
  }

  get bytes(): number {
    return this.#bytes;
  }

  take(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#isStored && this.#bytes <= MAX_OPTIONS_BYTES) this.#chunks.push(chunk);
  }

  /** The request with its body, if all of that is stored. */
  of(request: KubeRequest): KubeRequest {
    const isWhole = this.#chunks.length > 0 && this.#bytes <= MAX_OPTIONS_BYTES;
    return isWhole ? { ...request, body: Buffer.concat(this.#chunks) } : request;
  }
}
