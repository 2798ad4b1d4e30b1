import { clientsOf, isAPIServerRequest, linkedClient } from '../../analysis/assemble/assemble-spans.ts';
import type { Decoded } from '../../codec/decoded.ts';
import { parseJSON } from '../../codec/json.ts';
import { jsonMistake } from '../../codec/json-stream/json-position.ts';
import { readDocuments } from '../../codec/documents.ts';
import { BLANK, OPEN_LIST, OPEN_OBJECT } from '../../codec/json-stream/chunk-boundaries.ts';
import { parseRest } from '../../codec/json-stream/chunked-list.ts';
import { decodeProtobufFile, mayBeProtobuf, type ProtobufSpans } from '../../codec/protobuf/file.ts';
import { decodeSpanDocuments } from '../../codec/span-documents.ts';
import { tempoCut } from '../../backend/kinds/tempo/response.ts';
import { counted } from '../../format/counted.ts';
import { UsageError } from '../../errors.ts';
import { isPodDocument } from '../../report/document/pod-report.ts';
import { isDocument } from '../../report/document/report.ts';
import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import { besidesWords, documentWords, plainWords, signalWords } from './content-words.ts';
import type { Input } from './input.ts';
import { programName } from '../../format/program-name.ts';

/** Content of a file: a document that `-o json` has printed, or spans in any known format. */
export type Content =
  | { readonly kind: 'document'; readonly document: unknown; readonly notes: readonly string[] }
  | ({
      readonly kind: 'spans';
      /** Part that is missing from the file, as Tempo reports it; undefined where nothing is reported as missing. */
      readonly cut?: string;
      /** Other content of the file that is not shown, a sentence each. */
      readonly notes: readonly string[];
    } & Decoded);

/** Detects the format from the content. Throws UsageError for everything else, with a description of the content. */
export async function readContent({ bytes, name }: Input): Promise<Content> {
  const binary = mayBeProtobuf(bytes) ? decodeProtobufFile(bytes) : undefined;
  if (binary !== undefined) return protobufContent(binary, name);
  if (bytes.every((byte) => byte <= BLANK)) {
    throw new UsageError('EmptyInput', `${name} is empty`, { hint: WANTED });
  }
  const read = (documents: readonly unknown[] | undefined): Content | undefined =>
    documents && contentOf(documents, bytes, name);
  const found = documentsOf(bytes, read) ?? read(await yamlDocument(bytes)) ?? withoutCutLine(bytes, name);
  if (found === undefined) throw notJSON(bytes, name);
  return found;
}

/** Undefined where it is not JSON: of lists of spans that shows only when they are read. */
function documentsOf(
  bytes: Buffer,
  read: (documents: readonly unknown[] | undefined) => Content | undefined,
): Content | undefined {
  try {
    return readDocuments(bytes, read);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A Collector may still be writing the file, or it was copied meanwhile: then the last line is incomplete. */
function withoutCutLine(bytes: Buffer, name: string): Content | undefined {
  const end = bytes.lastIndexOf('\n');
  if (end <= 0 || (bytes[end + 1] !== OPEN_OBJECT && bytes[end + 1] !== OPEN_LIST)) return undefined;
  const complete = bytes.subarray(0, end);
  const content = documentsOf(complete, (documents) => documents && contentOf(documents, complete, name));
  if (content?.kind !== 'spans') return undefined;
  return { ...content, notes: [...content.notes, `the last line of ${name} is truncated, and was skipped`] };
}

function protobufContent(
  { spans, dropped, partial, messagesWithoutSpans: others }: ProtobufSpans,
  name: string,
): Content {
  const notes =
    others === 0
      ? []
      : [
          `${name} also holds ${counted(others, 'message')} without spans, such as logs and metrics, which are not shown`,
        ];
  return { kind: 'spans', spans, dropped, notes, ...cutBy(partial) };
}

const cutBy = (partial: string | undefined): { readonly cut?: string } =>
  partial === undefined ? {} : { cut: tempoCut(partial) };

function contentOf(documents: readonly unknown[], bytes: Buffer, name: string): Content {
  const [first, ...others] = documents;
  if (isDocument(first) || isPodDocument(first)) {
    const notes =
      others.length === 0 ? [] : [`${name} holds ${counted(documents.length, 'document')}, and this is the first`];
    return { kind: 'document', document: parseRest(first), notes };
  }
  const { spans, dropped, partial, signals, others: foreign } = decodeSpanDocuments(documents, bytes);
  if (spans.length === 0) throw dropped > 0 ? onlyDropped(name, dropped) : withoutSpans(name, signals, foreign);
  return { kind: 'spans', spans, dropped, notes: besidesWords(signals, foreign, name), ...cutBy(partial) };
}

const onlyDropped = (name: string, dropped: number): UsageError =>
  new UsageError('NoSpans', `${name} holds ${counted(dropped, 'span')}, but none with a valid ID and time`, {
    hint: WANTED,
  });

const WANTED =
  'give a trace as JSON: OTLP ({"resourceSpans": …}), Jaeger ({"data": …}), Zipkin, or the output of kubectl trace -o json; or OTLP as protobuf';

/** Documents without a span, named: often a backend's response was saved instead. */
function withoutSpans(name: string, signals: ReadonlyMap<string, number>, documents: readonly unknown[]): UsageError {
  const words = documents.map(documentWords);
  const failed = words.find(({ error }) => error !== undefined);
  if (failed !== undefined) {
    return new UsageError('ErrorResponse', `${name} holds no spans: it is ${failed.name}: ${failed.error}`, {
      hint: 'the request that it was saved from failed: send that request again',
    });
  }
  if (signals.size > 0) {
    return new UsageError('NoSpans', `${name} holds no spans: it is OpenTelemetry's ${signalWords(signals)}`, {
      hint: `${programName()} show shows traces: give the file that the traces pipeline writes`,
    });
  }
  const empty = words.find(({ isEmpty }) => isEmpty);
  if (empty !== undefined) return new UsageError('NoSpans', `${name} holds no spans: it is ${empty.name}`);
  return new UsageError('UnknownFormat', `${name} has no spans: it is ${words[0]?.name ?? 'empty'}`, {
    hint: WANTED,
  });
}

/** A document that `-o yaml` has printed. */
async function yamlDocument(bytes: Buffer): Promise<readonly unknown[] | undefined> {
  if (!/^apiVersion: /m.test(bytes.toString('utf8', 0, 1000))) return undefined;
  const { parseYAML } = await import('../../render/data/yaml.ts');
  const document = parseYAML(bytes.toString('utf8'));
  return document === undefined ? undefined : [document];
}

/** Says what it is instead; of what was meant to be JSON, where it ends being JSON. */
function notJSON(bytes: Buffer, name: string): UsageError {
  const words = plainWords(bytes);
  if (words !== undefined) return new UsageError('NotJSON', `${name} is not JSON: ${words}`, { hint: WANTED });
  const { line, column } = mistakeIn(bytes.toString('utf8'));
  return new UsageError('NotJSON', `${name} is not JSON: line ${line}, column ${column}`, { hint: WANTED });
}

/** Documents may be one per line, or one after the other: the mistake is in the first that does not parse. */
function mistakeIn(text: string): Position {
  const lines = text.split('\n');
  if (lines.length > 1 && parseJSON(lines[0] ?? '') !== undefined) {
    const bad = lines.findIndex((line) => line.trim() !== '' && parseJSON(line) === undefined);
    const line = lines[bad] ?? '';
    return positionIn(line.slice(0, jsonMistake(line)), bad);
  }
  let from = 0;
  for (;;) {
    const rest = text.slice(from);
    const at = jsonMistake(rest) ?? rest.length;
    const isNext = at > 0 && /[[{]/.test(rest.charAt(at)) && parseJSON(rest.slice(0, at)) !== undefined;
    if (!isNext) return positionIn(text.slice(0, from + at), 0);
    from += at;
  }
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** Position after `text`. */
function positionIn(text: string, linesBefore: number): Position {
  const lines = text.split('\n');
  return { line: linesBefore + lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/** Spans that make one tree, and by which trace ID. */
export interface SpansOfTrace {
  readonly traceID: TraceID;
  readonly spans: readonly Span[];
}

/**
 * The traces of a file, in its order. A trace that an API server has begun on its own is merged with the trace that it
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
