import type { TraceID } from '../trace/ids.ts';
import type { Span } from '../trace/span.ts';
import type { EpochNanos } from '../trace/time.ts';

/** The kinds of trace backend that can be named in `--backend KIND=URL`. */
export type BackendKind = 'jaeger' | 'tempo' | 'zipkin' | 'victoriatraces' | 'grafana' | 'local';

/** Where spans are looked up, as the user or the environment named it. */
export interface BackendSpec {
  /** Undefined: find out which it is. */
  readonly kind: BackendKind | undefined;
  /**
   * Base address, without a trailing slash: `http://127.0.0.1:16686/jaeger`. Of the kind `local` also the `file:` URL of a
   * store, or "" for the one that is found.
   */
  readonly url: string;
  /** A Service of the cluster by its name; then there is no address yet. */
  readonly service?: PinnedService;
}

/** A Service that the user named. */
export interface PinnedService {
  readonly namespace: string;
  readonly name: string;
  readonly port?: number;
}

/** A search: one service, a time range, and attributes that one span must all carry. */
export interface SearchQuery {
  readonly service: string;
  readonly operation?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** A span with a link into this trace; only where the backend `searchesLinks`. */
  readonly linkedTo?: TraceID;
  readonly from: EpochNanos;
  readonly to: EpochNanos;
  /** Maximum number of traces to return. */
  readonly limit: number;
}

/**
 * One response of a backend. "Not there yet" is normal while polling and therefore a value, not an exception.
 * - `found`: the spans of one trace (`byID`), or of every trace that matched (`search`), at least one. `dropped` counts
 *   spans that could not be decoded; absent for none. `cut` is the backend's own note about spans that it left out.
 * - `absent`: the backend works and has nothing (yet).
 * - `unavailable`: it may work later: refused, reset, timed out, 408, 429, 5xx. `retryAfterMillis` is the pause that it requests.
 *   `unconnected`: no connection could be made, so another request soon is unlikely to succeed.
 * - `failed`: another request is no use: 401, 403, an HTML page, another API. `hint` names the option to give instead.
 */
export type Lookup =
  | { readonly status: 'found'; readonly spans: readonly Span[]; readonly dropped?: number; readonly cut?: string }
  | { readonly status: 'absent' }
  | {
      readonly status: 'unavailable';
      readonly message: string;
      readonly hint?: string;
      readonly retryAfterMillis?: number;
      readonly unconnected?: true;
    }
  | { readonly status: 'failed'; readonly reason: string; readonly message: string; readonly hint?: string };

/** A server that stores traces. An adapter is a URL builder and a decoder; retries and deadlines are wrapped around. */
export interface TraceBackend {
  /** `unknown` until the address has responded. */
  readonly kind: BackendKind | 'unknown';
  readonly url: string;
  /** It can find the trace that has a link to ours. */
  readonly searchesLinks?: boolean;
  byID(id: TraceID, signal: AbortSignal): Promise<Lookup>;
  search(query: SearchQuery, signal: AbortSignal): Promise<Lookup>;
  /** The address of a trace's page in the backend's own UI; null where it has none. */
  traceURL(id: TraceID): string | null;
}
