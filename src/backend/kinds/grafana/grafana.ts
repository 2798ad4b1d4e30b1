import type { TraceID } from '../../../trace/ids.ts';
import type { Lookup, SearchQuery, TraceBackend } from '../../backend.ts';
import { unexpectedResponse, notOfKind } from '../../http/unexpected-response.ts';
import { exploreURL, proxyAddress, splitAddress, type DataSource } from './address.ts';
import { get, type HTTPOptions } from '../../http/client.ts';
import { JaegerBackend } from '../jaeger/jaeger.ts';
import { TempoBackend } from '../tempo/tempo.ts';
import { isObject, list, parseJSON, text } from '../../../codec/json.ts';
import { ZipkinBackend } from '../zipkin/zipkin.ts';

type Failure = Extract<Lookup, { readonly status: 'unavailable' | 'failed' }>;

const OPENERS = {
  tempo: (url, options) => new TempoBackend(url, options),
  jaeger: (url, options) => new JaegerBackend(url, options),
  zipkin: (url, options) => new ZipkinBackend(url, options),
} satisfies Record<DataSource['kind'], (url: string, options: HTTPOptions) => TraceBackend>;

interface Chosen {
  readonly source: DataSource;
  readonly backend: TraceBackend;
}

/**
 * Traces through Grafana, for any user with access to its data sources: they are listed, and the one with traces is
 * queried through Grafana. An address that ends with `/api/datasources/proxy/uid/UID` names the data source itself.
 */
export class GrafanaBackend implements TraceBackend {
  readonly kind = 'grafana';
  readonly #grafana: string;
  readonly #uid: string | undefined;
  readonly #options: HTTPOptions;
  #chosen: Chosen | undefined;
  #choosing: Promise<Chosen | Failure> | undefined;

  constructor(url: string, options: HTTPOptions) {
    const { grafana, uid } = splitAddress(url);
    this.#grafana = grafana;
    this.#uid = uid;
    this.#options = options;
  }

  get url(): string {
    const uid = this.#chosen?.source.uid ?? this.#uid;
    return uid === undefined ? this.#grafana : proxyAddress(this.#grafana, uid);
  }

  get searchesLinks(): boolean {
    return this.#chosen?.backend.searchesLinks ?? false;
  }

  traceURL(id: TraceID): string {
    return this.#chosen === undefined ? this.#grafana : exploreURL(this.#grafana, this.#chosen.source, id);
  }

  byID(id: TraceID, signal: AbortSignal): Promise<Lookup> {
    return this.#query(signal, (backend) => backend.byID(id, signal));
  }

  search(query: SearchQuery, signal: AbortSignal): Promise<Lookup> {
    return this.#query(signal, (backend) => backend.search(query, signal));
  }

  async #query(signal: AbortSignal, question: (backend: TraceBackend) => Promise<Lookup>): Promise<Lookup> {
    const chosen = this.#chosen ?? (await (this.#choosing ??= this.#choose(signal)));
    return 'status' in chosen ? chosen : question(chosen.backend);
  }

  async #choose(signal: AbortSignal): Promise<Chosen | Failure> {
    const source = await this.#source(signal);
    this.#choosing = undefined;
    if ('status' in source) return source;
    const backend = OPENERS[source.kind](proxyAddress(this.#grafana, source.uid), this.#options);
    return (this.#chosen = { source, backend });
  }

  async #source(signal: AbortSignal): Promise<DataSource | Failure> {
    const path = this.#uid === undefined ? '/api/datasources' : `/api/datasources/uid/${this.#uid}`;
    const response = await get(`${this.#grafana}${path}`, this.#options, signal);
    if (response.status !== 'responded') return mayNotList(response);
    const { code, text: said } = response;
    const document = parseJSON(said);
    if (code === 404 && this.#uid !== undefined && isObject(document)) {
      const message = `${this.#grafana} has no data source with the UID ${this.#uid}`;
      return { status: 'failed', reason: 'NoDataSource', message, hint: OWN_ADDRESS };
    }
    if (code !== 200 || document === undefined)
      return notOfKind('grafana', this.#grafana, unexpectedResponse(code, said));
    const all = (Array.isArray(document) ? document : [document]).flatMap(sourceOf);
    if (all.length <= 1) return all[0] ?? this.#noSource(list(document).length);
    return this.#best(all, signal);
  }

  /** The one that knows the API server; of several of these the default one, or the first. */
  async #best(all: readonly DataSource[], signal: AbortSignal): Promise<DataSource | Failure> {
    const knowing = await Promise.all(all.map((source) => this.#knowsAPIServer(source, signal)));
    const good = all.filter((_source, index) => knowing[index]);
    const best = good.find(({ isDefault }) => isDefault) ?? good[0];
    if (best !== undefined) return best;
    const names = all.map(({ name, kind, uid }) => `${name} (${kind}, ${uid})`).join(', ');
    const message = `${this.#grafana} has several data sources with traces, none of which has spans of the API server: ${names}`;
    return { status: 'failed', reason: 'AmbiguousDataSource', message, hint: OWN_ADDRESS };
  }

  async #knowsAPIServer({ uid, kind }: DataSource, signal: AbortSignal): Promise<boolean> {
    const path = SERVICES[kind];
    const response = await get(`${proxyAddress(this.#grafana, uid)}${path}`, this.#options, signal);
    return response.status === 'responded' && response.code === 200 && response.text.includes('"apiserver"');
  }

  #noSource(others: number): Failure {
    const message = `${this.#grafana} has no data source with traces (Tempo, Jaeger or Zipkin) among ${others} that may be seen`;
    return { status: 'failed', reason: 'NoDataSource', message, hint: OWN_ADDRESS };
  }
}

/** Where each lists the services that it has spans of. */
const SERVICES: Readonly<Record<DataSource['kind'], string>> = {
  tempo: '/api/search/tag/service.name/values',
  jaeger: '/api/services',
  zipkin: '/api/v2/services',
};

const OWN_ADDRESS = "give a data source's own address: --backend grafana=URL/api/datasources/proxy/uid/UID";

/** Listing data sources needs a separate permission, which a viewer does not have. */
function mayNotList(failure: Failure): Failure {
  if (failure.status !== 'failed' || failure.reason !== 'BackendForbidden') return failure;
  return { ...failure, hint: `the token may not see data sources (datasources:read and datasources:query)` };
}

function sourceOf(raw: unknown): DataSource[] {
  if (!isObject(raw)) return [];
  const kind = (['tempo', 'jaeger', 'zipkin'] as const).find((known) => known === raw['type']);
  const uid = text(raw['uid']);
  if (kind === undefined || !/^[\w-]{1,64}$/.test(uid)) return [];
  return [{ uid, name: text(raw['name']), kind, isDefault: raw['isDefault'] === true }];
}
