import type { TraceID } from '../../trace/ids.ts';
import type { Lookup, SearchQuery, TraceBackend } from '../backend.ts';
import type { HTTPOptions } from '../http/client.ts';
import { JaegerBackend } from './jaeger/jaeger.ts';
import { reachServe } from './reach-serve.ts';

/** A running `kubectl trace serve`, which responds as Jaeger does. */
export class LocalBackend implements TraceBackend {
  readonly kind = 'local';
  readonly url: string;
  readonly #jaeger: JaegerBackend;

  constructor(url: string, options: HTTPOptions) {
    this.url = url;
    const { base, fetch } = reachServe(url, options.fetch);
    this.#jaeger = new JaegerBackend(base, { ...options, fetch });
  }

  /** No browser opens a unix socket. */
  traceURL(id: TraceID): string | null {
    return this.url.startsWith('unix:') ? null : this.#jaeger.traceURL(id);
  }

  byID(id: TraceID, signal: AbortSignal): Promise<Lookup> {
    return this.#jaeger.byID(id, signal);
  }

  search(query: SearchQuery, signal: AbortSignal): Promise<Lookup> {
    return this.#jaeger.search(query, signal);
  }
}
