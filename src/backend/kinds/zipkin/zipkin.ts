import type { TraceID } from '../../../trace/ids.ts';
import type { Lookup, SearchQuery, TraceBackend } from '../../backend.ts';
import { lookupOf, refused, unreadable } from '../../http/decoded-response.ts';
import { unexpectedResponse, notOfKind, type UnexpectedResponse } from '../../http/unexpected-response.ts';
import { get, type BackendResponse, type HTTPOptions } from '../../http/client.ts';
import { matching, onlyTrace, withSpans } from '../matching.ts';
import { parseJSON } from '../../../codec/json.ts';
import { Pool } from '../../../codec/pool.ts';
import { decodeZipkin } from '../../../codec/zipkin/zipkin.ts';
import { searchPath, tracePath } from './query.ts';

/**
 * Zipkin's v2 API. Its spans have microseconds, texts for values and lower-case names, and the attributes of resource and
 * scope among their own (docs/backends.md).
 */
export class ZipkinBackend implements TraceBackend {
  readonly kind = 'zipkin';
  readonly url: string;
  readonly #options: HTTPOptions;
  readonly #pool = new Pool();

  constructor(url: string, options: HTTPOptions) {
    this.url = url;
    this.#options = options;
  }

  /** The UI is below /zipkin, where the API is as well. */
  traceURL(id: TraceID): string {
    return `${this.url.replace(/\/zipkin$/, '')}/zipkin/traces/${id}`;
  }

  async byID(id: TraceID, signal: AbortSignal): Promise<Lookup> {
    const lookup = await this.#query(tracePath(id), signal, (said) => said.trim().endsWith(' not found'));
    return onlyTrace(lookup, id);
  }

  async search(query: SearchQuery, signal: AbortSignal): Promise<Lookup> {
    const lookup = await this.#query(searchPath(query), signal, () => false);
    return withSpans(lookup, (spans) => matching(spans, query));
  }

  async #query(path: string, signal: AbortSignal, isAbsence: (said: string) => boolean): Promise<Lookup> {
    const response = await get(`${this.url}${path}`, this.#options, signal);
    const lookup = this.#read(response, isAbsence);
    return lookup.status === 'unexpected' ? notOfKind('zipkin', this.url, lookup) : lookup;
  }

  #read(response: BackendResponse, isAbsence: (said: string) => boolean): Lookup | UnexpectedResponse {
    if (response.status !== 'responded') return response;
    const { code, text } = response;
    // Armeria's own 404, for a path that is not served, ends the same way: "404 Not Found".
    if (code === 404 && isAbsence(text) && !text.startsWith('404')) return { status: 'absent' };
    if (code === 400 && !/^\s*[<{[]/.test(text)) return refused('Zipkin', code, text);
    if (code !== 200) return unexpectedResponse(code, text);
    const decoded = decodeZipkin(parseJSON(text), this.#pool);
    return decoded === undefined ? unreadable(response) : lookupOf(decoded);
  }
}
