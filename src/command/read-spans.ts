import { clientsOf, isAPIServerRequest, linkedClient } from '../analysis/assemble-spans.ts';
import type { Decoded } from '../backend/wire/decoded.ts';
import { decodeJaeger } from '../backend/wire/jaeger.ts';
import { isObject, parseJSON } from '../backend/wire/json.ts';
import { jsonMistake } from '../backend/wire/json-position.ts';
import { readDocuments } from '../backend/wire/documents.ts';
import { decodeOTLPDocuments } from '../backend/wire/otlp-json.ts';
import { BLANK } from '../backend/wire/list-cuts.ts';
import { parseRest } from '../backend/wire/pieces.ts';
import { decodeProtobufFile, mayBeProtobuf } from '../backend/wire/protobuf-file.ts';
import { decodeZipkin } from '../backend/wire/zipkin.ts';
import { Pool } from '../backend/wire/pool.ts';
import { UsageError } from '../errors.ts';
import { isPodDocument } from '../render/document/pod-report.ts';
import { isDocument } from '../render/document/report.ts';
import type { TraceID } from '../trace/ids.ts';
import type { Span } from '../trace/span.ts';
import type { Input } from './input.ts';

/** What a file holds: a document that `-o json` has printed, or spans of whichever format. */
export type Content =
  | { readonly kind: 'document'; readonly document: unknown }
  | ({ readonly kind: 'spans' } & Decoded);

/** Tells by the content what it is. Throws UsageError for everything else. */
export async function readContent({ bytes, name }: Input): Promise<Content> {
  const binary = mayBeProtobuf(bytes) ? decodeProtobufFile(bytes) : undefined;
  if (binary !== undefined) return { kind: 'spans', ...binary };
  if (bytes.every((byte) => byte <= BLANK)) {
    throw new UsageError('EmptyInput', `${name} is empty`, { hint: WANTED });
  }
  const read = (documents: readonly unknown[] | undefined): { readonly content: Content | undefined } | undefined =>
    documents && { content: contentOf(documents, bytes) };
  let found;
  try {
    found = readDocuments(bytes, read) ?? read(await yamlDocument(bytes));
  } catch (error) {
    // Only when the spans are read does it show whether their lists are JSON.
    throw error instanceof SyntaxError ? notJSON(bytes, name) : error;
  }
  if (found === undefined) throw notJSON(bytes, name);
  if (found.content !== undefined) return found.content;
  throw new UsageError('UnknownFormat', `${name} is JSON, but has no spans`, { hint: WANTED });
}

/** Undefined when there are no spans of a format that is known. */
function contentOf(documents: readonly unknown[], bytes: Buffer): Content | undefined {
  const [first] = documents;
  if (isDocument(first) || isPodDocument(first)) return { kind: 'document', document: parseRest(first) };
  const decoded = documents.every(isJaeger)
    ? decodeAll(documents)
    : isZipkin(documents)
      ? decodeZipkin(parseRest(first))
      : decodeOTLPDocuments(documents, bytes);
  return decoded && { kind: 'spans', ...decoded };
}

const WANTED =
  'wanted is a trace as JSON: OTLP ({"resourceSpans": …}), Jaeger ({"data": …}), Zipkin, or what kubectl trace -o json prints; or OTLP as protobuf';

const isJaeger = (document: unknown): boolean => isObject(document) && Array.isArray(document['data']);

/** A list; what is looked for here is in a list of no other format. */
const isZipkin = (parsed: readonly unknown[]): boolean => parsed.length === 1 && Array.isArray(parsed[0]);

function decodeAll(parsed: readonly unknown[]): Decoded | undefined {
  const pool = new Pool();
  const [first, ...others] = parsed.map((document) => decodeJaeger(document, pool));
  if (first === undefined || others.includes(undefined)) return undefined;
  let { dropped } = first;
  for (const decoded of others as Decoded[]) {
    for (const span of decoded.spans) first.spans.push(span);
    dropped += decoded.dropped;
  }
  return { spans: first.spans, dropped };
}

/** What `-o yaml` has printed. */
async function yamlDocument(bytes: Buffer): Promise<readonly unknown[] | undefined> {
  if (!/^apiVersion: /m.test(bytes.toString('utf8', 0, 1000))) return undefined;
  const { parseYAML } = await import('../render/yaml.ts');
  const document = parseYAML(bytes.toString('utf8'));
  return document === undefined ? undefined : [document];
}

/** Says where the JSON ends being JSON, in one document or in lines of them. */
function notJSON(bytes: Buffer, name: string): UsageError {
  const text = bytes.toString('utf8');
  const lines = text.split('\n');
  const isLines = lines.length > 1 && parseJSON(lines[0] ?? '') !== undefined;
  const bad = isLines ? lines.findIndex((line) => line.trim() !== '' && parseJSON(line) === undefined) : 0;
  const { line, column } = isLines ? positionIn(lines[bad] ?? '', bad) : positionIn(text, 0);
  return new UsageError('NotJSON', `${name} is not JSON: line ${line}, column ${column}`, { hint: WANTED });
}

function positionIn(text: string, linesBefore: number): { line: number; column: number } {
  const before = text.slice(0, jsonMistake(text)).split('\n');
  return { line: linesBefore + before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** Spans that make one tree, and by which trace ID. */
export interface SpansOfTrace {
  readonly traceID: TraceID;
  readonly spans: readonly Span[];
}

/**
 * The traces of a file, in its order. A trace that an API server has begun by itself is one with the trace that it
 * names by a link.
 */
export function tracesOf(spans: readonly Span[]): readonly SpansOfTrace[] {
  const joined = joinedTraces(spans);
  const traces = new Map<TraceID, Span[]>();
  for (const span of spans) {
    const id = joined.get(span.traceID) ?? span.traceID;
    const own = traces.get(id);
    if (own === undefined) traces.set(id, [span]);
    else own.push(span);
  }
  return [...traces].map(([traceID, own]) => ({ traceID, spans: own }));
}

/** By the ID of a trace that an API server has begun: that of the trace which it names. */
function joinedTraces(spans: readonly Span[]): ReadonlyMap<TraceID, TraceID> {
  const joined = new Map<TraceID, TraceID>();
  const begun = spans.filter((span) => isAPIServerRequest(span) && span.parentSpanID === undefined);
  if (begun.every(({ links }) => links.length === 0)) return joined;
  const clients = clientsOf(spans);
  for (const span of begun) {
    const client = linkedClient(span, clients);
    if (client !== undefined && client.traceID !== span.traceID) joined.set(span.traceID, client.traceID);
  }
  return joined;
}
