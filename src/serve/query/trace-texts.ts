import { hash } from 'node:crypto';
import { partToJSON } from '../../codec/otlp/to-json.ts';
import { RESOURCE, SCOPE, SPAN } from '../../codec/otlp/schema.ts';
import { decodeResource } from '../../codec/otlp/protobuf.ts';
import { Pool } from '../../codec/pool.ts';
import { SpanCursor } from '../../codec/otlp/span-cursor.ts';
import { part, spanAt } from '../../store/query.ts';
import type { StoredTrace } from '../../store/trace-reader.ts';
import { jaegerProcess, jaegerSpan } from './jaeger-trace.ts';

/*
 * The texts of traces, in pieces that take some milliseconds to make. Between two of them nothing of a trace is held but
 * numbers: a reader may take its time, and there may be many.
 */

/** Characters of a piece, and how long it may take, in milliseconds. */
const PIECE = 64 * 1024;
const PIECE_MILLIS = 1;

/** Traces as Jaeger's first API has them. */
export function* v1Texts(traces: readonly StoredTrace[]): Generator<string> {
  yield '{"data":[';
  for (const [index, trace] of traces.entries()) {
    if (index > 0) yield ',';
    yield* jaegerTrace(trace);
  }
  yield `],"total":${traces.length},"limit":0,"offset":0,"errors":null}`;
}

function* jaegerTrace(trace: StoredTrace): Generator<string> {
  yield `{"traceID":"${trace.traceID}","spans":[`;
  const processes = new Processes();
  let isFirst = true;
  for (const id of trace.chunks) {
    const text = new ChunkText(trace, id, isFirst ? '' : ',');
    let processID: string | undefined;
    while (!text.isAtEnd) {
      yield text.piece((message, cursor, pool) => {
        processID ??= processes.of(part(message, cursor.resource)).id;
        const span = spanAt(message, cursor, pool);
        return span === undefined ? undefined : JSON.stringify(jaegerSpan(span, processID));
      });
    }
    isFirst &&= text.isEmpty;
  }
  yield '],"processes":{';
  yield* processTexts(trace);
  yield '},"warnings":null}';
}

/** The same processes once more: they are not held meanwhile. */
function* processTexts(trace: StoredTrace): Generator<string> {
  const processes = new Processes();
  let separator = '';
  for (const id of trace.chunks) {
    yield processText(trace.chunk(id));
  }
  function processText(message: Buffer | undefined): string {
    if (message === undefined) return '';
    const cursor = new SpanCursor();
    cursor.next(message);
    const resource = part(message, cursor.resource);
    const { id, isNew } = processes.of(resource);
    if (!isNew) return '';
    const text = `${separator}"${id}":${JSON.stringify(jaegerProcess(decodeResource(resource, new Pool())))}`;
    separator = ',';
    return text;
  }
}

/** A trace of more processes names the others again for each chunk. */
const MAX_PROCESSES = 500;

/** Numbers the different resources of a trace, in the order of its chunks. */
class Processes {
  readonly #ids = new Map<string, string>();
  #count = 0;

  of(resource: Buffer): { readonly id: string; readonly isNew: boolean } {
    const digest = hash('sha1', resource, 'latin1');
    const known = this.#ids.get(digest);
    if (known !== undefined) return { id: known, isNew: false };
    this.#count++;
    const id = `p${this.#count}`;
    if (this.#ids.size < MAX_PROCESSES) this.#ids.set(digest, id);
    return { id, isNew: true };
  }
}

/** Traces as OTLP. */
export function* v3Texts(traces: readonly StoredTrace[]): Generator<string> {
  yield '{"result":{"resourceSpans":[';
  let isFirst = true;
  for (const trace of traces) {
    for (const id of trace.chunks) {
      if (!isFirst) yield ',';
      isFirst = false;
      yield* otlpChunk(new ChunkText(trace, id));
    }
  }
  yield ']}}';
}

/** One `ResourceSpans`. */
function* otlpChunk(text: ChunkText): Generator<string> {
  let scopeIndex = -1;
  while (!text.isAtEnd) {
    yield text.piece(
      (message, cursor) => {
        const span = JSON.stringify(partToJSON(part(message, cursor.span), SPAN));
        if (cursor.scopeIndex === scopeIndex) return `,${span}`;
        const head = scopeIndex === -1 ? groupHead(message, cursor) : ']},';
        scopeIndex = cursor.scopeIndex;
        return `${head}{${fieldText('scope', part(message, cursor.scope), SCOPE)}"spans":[${span}`;
      },
      { separator: '' },
    );
  }
  yield scopeIndex === -1 ? '{"scopeSpans":[]}' : ']}]}';
}

const groupHead = (message: Buffer, { resource }: SpanCursor): string =>
  `{${fieldText('resource', part(message, resource), RESOURCE)}"scopeSpans":[`;

/** Left out where it was not sent. */
const fieldText = (name: string, bytes: Buffer, of: Parameters<typeof partToJSON>[1]): string =>
  bytes.length === 0 ? '' : `"${name}":${JSON.stringify(partToJSON(bytes, of))},`;

/** The text of one span; undefined for none. */
type TextOf = (message: Buffer, cursor: SpanCursor, pool: Pool) => string | undefined;

/** A chunk, as text, in pieces. */
class ChunkText {
  isAtEnd = false;
  isEmpty = true;
  readonly #first: string;
  readonly #trace: StoredTrace;
  readonly #id: bigint;
  readonly #cursor = new SpanCursor();

  /** `first` stands before its first span. */
  constructor(trace: StoredTrace, id: bigint, first = '') {
    this.#first = first;
    this.#trace = trace;
    this.#id = id;
  }

  /** The spans that come next, with separators between those of this chunk. */
  piece(textOf: TextOf, { separator = ',' } = {}): string {
    const from = performance.now();
    const message = this.#trace.chunk(this.#id);
    const begun = performance.now();
    // It is read again for the next piece: that is not to take longer than making them.
    const end = begun + Math.max(PIECE_MILLIS, begun - from);
    if (message === undefined) {
      // It has been removed meanwhile.
      this.isAtEnd = true;
      return '';
    }
    const pool = new Pool();
    let texts = '';
    while (texts.length < PIECE && (texts === '' || performance.now() < end)) {
      const found = this.#cursor.next(message);
      if (found === 'pause') return texts;
      if (found === 'end') {
        this.isAtEnd = true;
        return texts;
      }
      const text = textOf(message, this.#cursor, pool);
      if (text === undefined) continue;
      texts += (this.isEmpty ? this.#first : separator) + text;
      this.isEmpty = false;
    }
    return texts;
  }
}
