import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import type { Lookup, SearchQuery, TraceBackend } from '../backend.ts';
import type { HTTPOptions } from '../http/client.ts';
import { JaegerBackend } from './jaeger/jaeger.ts';
import { withSpans } from './matching.ts';
import { TempoBackend } from './tempo/tempo.ts';
import { isResourceAttribute } from '../../codec/resource-attribute.ts';

/**
 * VictoriaTraces has the APIs of Jaeger and of Tempo. A trace is read by Tempo's, which has nanoseconds, if it exists
 * (since 0.8), and otherwise by Jaeger's. Searches use Jaeger's, which every version has.
 */
export class VictoriaTracesBackend implements TraceBackend {
  readonly kind = 'victoriatraces';
  readonly url: string;
  readonly #tempo: TempoBackend;
  readonly #jaeger: JaegerBackend;
  #face: 'tempo' | 'jaeger' = 'tempo';

  constructor(url: string, options: HTTPOptions) {
    this.url = url;
    this.#tempo = new TempoBackend(`${url}/select/tempo`, options);
    this.#jaeger = new JaegerBackend(`${url}/select/jaeger`, options, tagOf);
  }

  traceURL(id: TraceID): string {
    return `${this.url}/select/jaeger/api/traces/${id}`;
  }

  async byID(id: TraceID, signal: AbortSignal): Promise<Lookup> {
    if (this.#face === 'tempo') {
      const lookup = await this.#tempo.byID(id, signal);
      if (lookup.status !== 'failed' || !NOT_SERVED.has(lookup.reason)) return withSpans(lookup, withEmptyTexts);
    }
    const lookup = await this.#jaeger.byID(id, signal);
    if (lookup.status === 'found' || lookup.status === 'absent') this.#face = 'jaeger';
    return withSpans(lookup, withEmptyTexts);
  }

  async search(query: SearchQuery, signal: AbortSignal): Promise<Lookup> {
    return withSpans(await this.#jaeger.search(query, signal), withEmptyTexts);
  }
}

/** An empty value is stored as "-": the store below drops fields without a value. */
const withEmptyTexts = (spans: readonly Span[]): readonly Span[] =>
  spans.map((span) => {
    const empty = Object.keys(span.attributes).filter((name) => span.attributes[name] === '-');
    if (empty.length === 0) return span;
    return { ...span, attributes: { ...span.attributes, ...Object.fromEntries(empty.map((name) => [name, ''])) } };
  });

const NOT_SERVED: ReadonlySet<string> = new Set(['BackendIsNotTempo', 'BackendAnsweredHTML', 'BackendRefusedQuery']);

/** Without a prefix only the attributes of the span itself are searched. */
const tagOf = (name: string): string => (isResourceAttribute(name) ? `resource_attr:${name}` : name);
