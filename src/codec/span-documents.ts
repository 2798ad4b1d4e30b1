import type { Span } from '../trace/span.ts';
import type { Decoded } from './decoded.ts';
import { parseExactly, readDocuments } from './documents.ts';
import { decodeJaeger } from './jaeger/jaeger.ts';
import { isObject, list, type JSONObject } from './json.ts';
import { decodeOTLPDocument } from './otlp/json.ts';
import type { Exactness } from './otlp/value.ts';
import { parseRest } from './json-stream/chunked-list.ts';
import { Pool } from './pool.ts';
import { partialWords } from './tempo.ts';
import { decodeZipkin } from './zipkin/zipkin.ts';

/** Names of OpenTelemetry's other signals, by the key of their lists in OTLP. */
const SIGNALS = { resourceLogs: 'logs', resourceMetrics: 'metrics', resourceProfiles: 'profiles' } as const;
export type Signal = (typeof SIGNALS)[keyof typeof SIGNALS];

/** The spans of documents of any format that is known, and what there was besides. */
export interface SpanDocuments extends Decoded {
  /** Tempo says that it left something out; its own words, or empty. Undefined where nothing says so. */
  readonly partial?: string;
  /** How many documents hold each signal of OpenTelemetry that is no trace. */
  readonly signals: ReadonlyMap<Signal, number>;
  /** Those that hold no span and no signal: of another kind, or of a known one and empty. */
  readonly others: readonly unknown[];
}

/**
 * Reads documents one by one, whatever they are mixed from: OTLP and its parts down to a bare span, whose pieces stand
 * where a pipeline cut them (`ResourceSpans`, `ScopeSpans`, `Span`), Jaeger, Zipkin, and lists of them. `source` is the text
 * that they come from. Throws SyntaxError where a list of spans is not JSON.
 */
export function decodeSpanDocuments(documents: readonly unknown[], source: Buffer): SpanDocuments {
  const exactness: Exactness = { exact: true };
  const decoded = decodeAll(documents, exactness);
  // Nanoseconds of today need 61 bits. Only few servers write them as bare numbers, so only then is the dearer way gone.
  if (exactness.exact) return decoded;
  return readDocuments(source, (exact) => decodeAll(exact ?? [], { exact: true }), parseExactly);
}

class SpanDocumentReader {
  readonly spans: Span[] = [];
  readonly signals = new Map<Signal, number>();
  readonly others: unknown[] = [];
  readonly pool = new Pool();
  readonly exactness: Exactness;
  dropped = 0;
  partial: string | undefined;

  constructor(exactness: Exactness) {
    this.exactness = exactness;
  }

  read(document: unknown): void {
    const found = this.#signals(document);
    const before = this.spans.length + this.dropped;
    if (this.#decode(document) && this.spans.length + this.dropped > before) return;
    if (!found) this.others.push(document);
  }

  /** A list in which nothing is known is one thing that is not. */
  readList(documents: readonly unknown[]): void {
    const before = this.others.length;
    for (const one of documents.flat()) this.read(one);
    if (this.spans.length + this.dropped + this.signals.size > 0) return;
    if (documents.length > 1 || this.others.length === before) this.others.splice(before, Infinity, documents);
  }

  /** False when the document is of no format that is known. */
  #decode(document: unknown): boolean {
    if (isObject(document)) {
      this.partial ??= partialWords(document);
      const otlp = asOTLP(document);
      if (otlp !== undefined) return this.#add(decodeOTLPDocument(otlp, this.pool, this.exactness, this.spans));
    }
    const jaeger = asJaeger(document);
    const decoded = jaeger === undefined ? zipkinOf(document, this.pool) : decodeJaeger(jaeger, this.pool);
    for (const span of decoded?.spans ?? []) this.spans.push(span);
    return this.#add(decoded?.dropped);
  }

  #add(dropped: number | undefined): boolean {
    this.dropped += dropped ?? 0;
    return dropped !== undefined;
  }

  #signals(document: unknown): boolean {
    if (!isObject(document)) return false;
    const found = Object.entries(SIGNALS).filter(([key]) => Array.isArray(document[key]));
    for (const [, signal] of found) this.signals.set(signal, (this.signals.get(signal) ?? 0) + 1);
    return found.length > 0;
  }
}

function decodeAll(documents: readonly unknown[], exactness: Exactness): SpanDocuments {
  const reading = new SpanDocumentReader(exactness);
  for (const document of documents) {
    // A list of Zipkin's is one document; other documents were put into a list by another program (`jq -s`).
    if (Array.isArray(document) && !isZipkinList(document)) reading.readList(document);
    else reading.read(document);
  }
  const { spans, dropped, partial, signals, others } = reading;
  return { spans, dropped, signals, others, ...(partial !== undefined && { partial }) };
}

/** A part of OTLP, wrapped into a complete document; undefined if it is not one. */
function asOTLP(document: JSONObject): JSONObject | undefined {
  if (isObject(document['result']) || isObject(document['trace'])) return document;
  if ('resourceSpans' in document || 'batches' in document) return document;
  if ('scopeSpans' in document || 'instrumentationLibrarySpans' in document) return { resourceSpans: [document] };
  if ('spans' in document && ('scope' in document || 'instrumentationLibrary' in document)) {
    return { resourceSpans: [{ scopeSpans: [document] }] };
  }
  if ('traceId' in document && 'spanId' in document) {
    return { resourceSpans: [{ resource: document['resource'], scopeSpans: [{ spans: [document] }] }] };
  }
  return undefined;
}

/** A response of Jaeger, one of its traces, or a span as its storage keeps it, with its process inside. */
function asJaeger(document: unknown): JSONObject | undefined {
  if (!isObject(document)) return undefined;
  if (Array.isArray(document['data'])) return document;
  if (!('traceID' in document)) return undefined;
  if ('spans' in document) return { data: [document] };
  if (!('spanID' in document)) return undefined;
  return { data: [{ spans: [{ ...document, processID: 'own' }], processes: { own: document['process'] } }] };
}

const isZipkinSpan = (value: unknown): boolean => isObject(value) && 'traceId' in value && 'id' in value;

/** A list of spans, or of lists of spans; its first span decides. */
const isZipkinList = (document: readonly unknown[]): boolean =>
  isZipkinSpan(Array.isArray(document[0]) ? list(document[0])[0] : document[0]);

function zipkinOf(document: unknown, pool: Pool): Decoded | undefined {
  if (isZipkinSpan(document)) return decodeZipkin([document], pool);
  return Array.isArray(document) && isZipkinList(document) ? decodeZipkin(parseRest(document), pool) : undefined;
}
