import type { TraceID } from '../../trace/ids.ts';
import type { BackendKind, Lookup, SearchQuery, TraceBackend } from '../backend.ts';
import { probe, type OptionsOfKind } from './probe.ts';

/** A backend of which only the address is known: its kind is detected by the first request that gets a response. */
export class ProbedBackend implements TraceBackend {
  readonly #given: string;
  readonly #optionsOf: OptionsOfKind;
  readonly #open: (kind: BackendKind, url: string) => TraceBackend;
  #backend: TraceBackend | undefined;
  #probing: Promise<TraceBackend | Lookup> | undefined;

  constructor(url: string, optionsOf: OptionsOfKind, open: (kind: BackendKind, url: string) => TraceBackend) {
    this.#given = url;
    this.#optionsOf = optionsOf;
    this.#open = open;
  }

  get kind(): TraceBackend['kind'] {
    return this.#backend?.kind ?? 'unknown';
  }

  get url(): string {
    return this.#backend?.url ?? this.#given;
  }

  get searchesLinks(): boolean {
    return this.#backend?.searchesLinks ?? false;
  }

  traceURL(id: TraceID): string | null {
    return this.#backend === undefined ? this.#given : this.#backend.traceURL(id);
  }

  byID(id: TraceID, signal: AbortSignal): Promise<Lookup> {
    return this.#query(signal, (backend) => backend.byID(id, signal));
  }

  search(query: SearchQuery, signal: AbortSignal): Promise<Lookup> {
    return this.#query(signal, (backend) => backend.search(query, signal));
  }

  async #query(signal: AbortSignal, question: (backend: TraceBackend) => Promise<Lookup>): Promise<Lookup> {
    const known = this.#backend ?? (await (this.#probing ??= this.#probe(signal)));
    return 'status' in known ? known : question(known);
  }

  /** Concurrent requests wait for one probe; after a failure it is repeated. */
  async #probe(signal: AbortSignal): Promise<TraceBackend | Lookup> {
    const found = await probe(this.#given, { optionsOf: this.#optionsOf }, signal);
    this.#probing = undefined;
    return found.status === 'recognised' ? (this.#backend = this.#open(found.kind, found.url)) : found;
  }
}
