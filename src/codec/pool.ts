import type { TraceID } from '../trace/ids.ts';
import type { Attributes, Resource, Scope } from '../trace/span.ts';

const MAX_NAMES = 1000;

/** Undefined for what is nested so deeply that V8, which reads any depth, cannot write it. */
function keyOf(raw: unknown): string | undefined {
  try {
    return JSON.stringify(raw) ?? '';
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Resources, scopes, names and trace IDs, each once: a response repeats them for every trace, and every poll repeats
 * the response. Spans of one process then share one Resource object, whichever response they came with.
 */
export class Pool {
  readonly #resources = new Map<string, Resource>();
  readonly #scopes = new Map<string, Scope>();
  readonly #names = new Map<string, string>();
  #lastText = '';
  #lastTraceID: TraceID | undefined;

  /** Spans come by trace: the ID is parsed once, and all of them share one string. */
  traceID(text: string, parse: (text: string) => TraceID | undefined): TraceID | undefined {
    if (text !== this.#lastText) {
      this.#lastTraceID = parse(text);
      this.#lastText = text;
    }
    return this.#lastTraceID;
  }

  /**
   * The name that many spans have is one text, which is looked up faster. A program has few, or each span its own: then
   * nothing is looked for any more.
   */
  name(name: string): string {
    if (this.#names.size === MAX_NAMES) return name;
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    this.#names.set(name, name);
    return name;
  }

  /**
   * `raw` is the resource as it came: two that look the same are the same. The result of `decode` is stored unless
   * `keep`, called afterwards, returns false.
   */
  resource(raw: unknown, decode: () => Resource, keep: () => boolean = () => true): Resource {
    const key = keyOf(raw);
    if (key === undefined) return decode();
    const known = this.#resources.get(key);
    if (known !== undefined) return known;
    const resource = decode();
    if (keep()) this.#resources.set(key, resource);
    return resource;
  }

  /** Undefined for a scope without a name, which OpenTelemetry treats like none. */
  scope(name: string, version: string): Scope | undefined {
    if (name === '') return undefined;
    const key = `${name}\0${version}`;
    let scope = this.#scopes.get(key);
    if (scope === undefined) this.#scopes.set(key, (scope = version === '' ? { name } : { name, version }));
    return scope;
  }
}

/** OpenTelemetry's SDK names a process so that has no `service.name`. */
export function resourceOf(attributes: Attributes): Resource {
  const service = attributes['service.name'];
  return { service: typeof service === 'string' && service !== '' ? service : 'unknown_service', attributes };
}
