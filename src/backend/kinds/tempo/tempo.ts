import type { TraceID } from '../../../trace/ids.ts';
import type { Span } from '../../../trace/span.ts';
import type { Lookup, SearchQuery, TraceBackend } from '../../backend.ts';
import { notOfKind, type UnexpectedResponse } from '../../http/unexpected-response.ts';
import { get, type HTTPOptions } from '../../http/client.ts';
import { matching, onlyTrace, withSpans } from '../matching.ts';
import { PROTOBUF, readSearch, readTrace } from './response.ts';
import { searchPath, v1TracePath, v2TracePath } from './query.ts';
import { Pool } from '../../../codec/pool.ts';

type API = 'v2' | 'v1';

/**
 * Grafana Tempo's HTTP API: a trace by v2, which says when it is cut (since 2.6), or by v1; as protobuf, which has none
 * of the pitfalls of its JSON. A search returns only IDs, so each trace is fetched.
 */
export class TempoBackend implements TraceBackend {
  readonly kind = 'tempo';
  readonly searchesLinks = true;
  readonly url: string;
  readonly #options: HTTPOptions;
  readonly #pool = new Pool();
  #traces: API = 'v2';

  constructor(url: string, options: HTTPOptions) {
    this.url = url;
    this.#options = options;
  }

  /** Tempo has no pages: Grafana has them. This is the trace itself. */
  traceURL(id: TraceID): string {
    return `${this.url}${v1TracePath(id)}`;
  }

  async byID(id: TraceID, signal: AbortSignal): Promise<Lookup> {
    const first = await this.#query(this.#traces, id, signal);
    if (first.status !== 'unexpected') return onlyTrace(first, id);
    const other: API = this.#traces === 'v2' ? 'v1' : 'v2';
    const second = await this.#query(other, id, signal);
    if (second.status === 'unexpected') {
      return notOfKind('tempo', this.url, first.responder === 'unknown' ? second : first);
    }
    // No version of Tempo is silent about a route that it does not serve; servers of other things may be about all.
    if (second.status === 'absent' && first.isEmpty && !(await this.#echoes(signal))) {
      return notOfKind('tempo', this.url, first);
    }
    if (second.status === 'found' || second.status === 'absent') this.#traces = other;
    return onlyTrace(second, id);
  }

  /** False where the question by which Tempo is recognised is a 404 as well. */
  async #echoes(signal: AbortSignal): Promise<boolean> {
    const response = await get(`${this.url}/api/echo`, this.#options, signal, '*/*');
    return response.status !== 'responded' || response.code !== 404;
  }

  async search(query: SearchQuery, signal: AbortSignal): Promise<Lookup> {
    const response = await get(`${this.url}${searchPath(query)}`, this.#options, signal);
    const found = readSearch(response);
    if ('status' in found) return this.#searchEnd(found, query);
    const lookups = await Promise.all(found.slice(0, query.limit).map((id) => this.byID(id, signal)));
    const spans: Span[] = [];
    for (const lookup of lookups) if (lookup.status === 'found') for (const span of lookup.spans) spans.push(span);
    if (spans.length > 0) return withSpans({ status: 'found', spans }, (all) => matching(all, query));
    return lookups.find(({ status }) => status === 'unavailable' || status === 'failed') ?? { status: 'absent' };
  }

  #searchEnd(found: Lookup | UnexpectedResponse, { linkedTo }: SearchQuery): Lookup {
    if (found.status === 'unexpected') return notOfKind('tempo', this.url, found);
    // Links can be searched for since 2.6; before, the query is refused.
    return linkedTo !== undefined && found.status === 'failed' ? { status: 'absent' } : found;
  }

  async #query(api: API, id: TraceID, signal: AbortSignal): Promise<Lookup | UnexpectedResponse> {
    const path = api === 'v2' ? v2TracePath(id) : v1TracePath(id);
    return readTrace(await get(`${this.url}${path}`, this.#options, signal, PROTOBUF), api, this.#pool);
  }
}
