import type { TraceID } from '../trace/ids.ts';
import type { Span } from '../trace/span.ts';
import type { Lookup, SearchQuery, TraceBackend } from './backend.ts';
import { notJaeger, type Foreign } from './foreign.ts';
import { get, type HTTPOptions } from './http.ts';
import { readV1, readV3 } from './jaeger-answer.ts';
import { v1SearchPath, v1TracePath, v3SearchPath, v3TracePath } from './jaeger-query.ts';
import { Pool } from './wire/pool.ts';

type API = 'v3' | 'v1';

/**
 * Jaeger's HTTP query service, v1.x and v2.x. A trace is read by api_v3, which has nanoseconds, and by v1 where that is
 * not served; searches go to v1, since api_v3 ignores attributes until 2.18, and to api_v3 where v1's search is removed
 * (after 2.20, jaegertracing/jaeger#9260). Which one answers is learned once.
 */
export class JaegerBackend implements TraceBackend {
  readonly kind = 'jaeger';
  readonly url: string;
  readonly #options: HTTPOptions;
  readonly #pool = new Pool();
  #traces: API = 'v3';
  #search: API = 'v1';

  constructor(url: string, options: HTTPOptions) {
    this.url = url;
    this.#options = options;
  }

  traceURL(id: TraceID): string {
    return `${this.url}/trace/${id}`;
  }

  async byID(id: TraceID, signal: AbortSignal): Promise<Lookup> {
    const paths = { v3: v3TracePath(id), v1: v1TracePath(id) };
    const { api, lookup } = await this.#either(this.#traces, paths, signal);
    this.#traces = api;
    return withSpans(lookup, (spans) => spans.filter((span) => span.traceID === id));
  }

  async search(query: SearchQuery, signal: AbortSignal): Promise<Lookup> {
    const paths = { v3: v3SearchPath(query), v1: v1SearchPath(query) };
    const { api, lookup } = await this.#either(this.#search, paths, signal);
    this.#search = api;
    return withSpans(lookup, (spans) => matching(spans, query));
  }

  /** Asks the one API, and the other one if that is not served. The API that answered is to be asked first next time. */
  async #either(first: API, paths: Readonly<Record<API, string>>, signal: AbortSignal): Promise<Served> {
    const second: API = first === 'v3' ? 'v1' : 'v3';
    const lookup = await this.#ask(first, paths[first], signal);
    if (lookup.status !== 'foreign') return { api: first, lookup };
    const other = await this.#ask(second, paths[second], signal);
    if (other.status === 'foreign') return { api: first, lookup: notJaeger(this.url, tellingOf(lookup, other)) };
    const works = other.status === 'found' || other.status === 'absent';
    return { api: works ? second : first, lookup: other };
  }

  async #ask(api: API, path: string, signal: AbortSignal): Promise<Lookup | Foreign> {
    const answer = await get(`${this.url}${path}`, this.#options, signal);
    return api === 'v3' ? readV3(answer, this.#pool) : readV1(answer, this.#pool);
  }
}

interface Served {
  readonly api: API;
  readonly lookup: Lookup;
}

/** Of two answers that are not Jaeger's, the one that tells who speaks. */
const tellingOf = (one: Foreign, other: Foreign): Foreign => (one.speaker === 'unknown' ? other : one);

/** The traces in which one span of the service has everything that was asked for: Jaeger may have ignored a part. */
function matching(spans: readonly Span[], query: SearchQuery): readonly Span[] {
  const wanted = Object.entries(query.attributes ?? {});
  const matches = (span: Span): boolean =>
    span.resource.service === query.service &&
    (query.operation === undefined || span.name === query.operation) &&
    wanted.every(([key, value]) => textOf(span.attributes[key] ?? span.resource.attributes[key]) === value);
  const traces = new Set(spans.filter(matches).map((span) => span.traceID));
  return spans.filter((span) => traces.has(span.traceID));
}

/** Jaeger compares values of every type as text. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean'
    ? String(value)
    : undefined;
}

function withSpans(lookup: Lookup, choose: (spans: readonly Span[]) => readonly Span[]): Lookup {
  if (lookup.status !== 'found') return lookup;
  const spans = choose(lookup.spans);
  return spans.length === 0 ? { status: 'absent' } : { ...lookup, spans };
}
