import type { TraceID } from '../../../trace/ids.ts';
import type { Lookup, SearchQuery, TraceBackend } from '../../backend.ts';
import { notOfKind, type UnexpectedResponse } from '../../http/unexpected-response.ts';
import { get, type HTTPOptions } from '../../http/client.ts';
import { readV1, readV3 } from './response.ts';
import { v1SearchPath, v1TracePath, v3SearchPath, v3TracePath } from './query.ts';
import { matching, onlyTrace, withSpans } from '../matching.ts';
import { Pool } from '../../../codec/pool.ts';

type API = 'v3' | 'v1';

/**
 * Jaeger's HTTP query service, v1.x and v2.x. A trace is read by api_v3, which has nanoseconds, and by v1 where that is
 * not served; searches go to v1, since api_v3 ignores attributes until 2.18, and to api_v3 where v1's search is removed
 * (after 2.20, jaegertracing/jaeger#9260). Which one is served is learned once.
 */
export class JaegerBackend implements TraceBackend {
  readonly kind = 'jaeger';
  readonly url: string;
  readonly #options: HTTPOptions;
  readonly #tagOf: (attribute: string) => string;
  readonly #pool = new Pool();
  #traces: API = 'v3';
  #search: API = 'v1';

  /** `tagOf`: the name under which an attribute is searched for, where that is another one. */
  constructor(url: string, options: HTTPOptions, tagOf: (attribute: string) => string = (name) => name) {
    this.url = url;
    this.#options = options;
    this.#tagOf = tagOf;
  }

  traceURL(id: TraceID): string {
    return `${this.url}/trace/${id}`;
  }

  async byID(id: TraceID, signal: AbortSignal): Promise<Lookup> {
    const paths = { v3: v3TracePath(id), v1: v1TracePath(id) };
    const { api, lookup } = await this.#either(this.#traces, paths, signal);
    this.#traces = api;
    return onlyTrace(lookup, id);
  }

  async search(query: SearchQuery, signal: AbortSignal): Promise<Lookup> {
    const tagged = { ...query, ...(query.attributes !== undefined && { attributes: this.#tags(query.attributes) }) };
    const paths = { v3: v3SearchPath(tagged), v1: v1SearchPath(tagged) };
    const { api, lookup } = await this.#either(this.#search, paths, signal);
    this.#search = api;
    return withSpans(lookup, (spans) => matching(spans, query));
  }

  #tags(attributes: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [this.#tagOf(name), value]));
  }

  /**
   * Sends the request to the first API, and to the other one if that is not served. The API that responded comes first
   * next time.
   */
  async #either(first: API, paths: Readonly<Record<API, string>>, signal: AbortSignal): Promise<Served> {
    const second: API = first === 'v3' ? 'v1' : 'v3';
    const lookup = await this.#query(first, paths[first], signal);
    if (lookup.status !== 'unexpected') return { api: first, lookup };
    const other = await this.#query(second, paths[second], signal);
    if (other.status === 'unexpected')
      return { api: first, lookup: notOfKind('jaeger', this.url, moreInformative(lookup, other)) };
    const works = other.status === 'found' || other.status === 'absent';
    return { api: works ? second : first, lookup: other };
  }

  async #query(api: API, path: string, signal: AbortSignal): Promise<Lookup | UnexpectedResponse> {
    const response = await get(`${this.url}${path}`, this.#options, signal);
    return api === 'v3' ? readV3(response, this.#pool) : readV1(response, this.#pool);
  }
}

interface Served {
  readonly api: API;
  readonly lookup: Lookup;
}

/** The more informative of two responses that are not Jaeger's: the one that identifies its server. */
const moreInformative = (one: UnexpectedResponse, other: UnexpectedResponse): UnexpectedResponse =>
  one.responder === 'unknown' ? other : one;
