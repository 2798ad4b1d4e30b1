import type { Exactness } from './value.ts';
import { isObject, list, parseJSON, type JSONObject } from '../json.ts';
import { parseExactly } from '../documents.ts';
import { CLOSE_LIST, endOfText, OPEN_LIST, OPEN_OBJECT, QUOTE, type CutList } from '../json-stream/chunk-boundaries.ts';
import { fieldOf, write } from './json-fields.ts';
import { RESOURCE_SPANS, SCOPE_SPANS, TRACES_DATA } from './schema.ts';
import { elements, parseInPieces, type ParseJSON } from '../json-stream/chunked-list.ts';
import { findSpanLists, RESOURCE_SPANS_KEY } from '../json-stream/span-lists.ts';
import { bytesField } from '../protobuf/writer.ts';

/** More of a request than is taken at once is in one place: it cannot be taken as it is, also later. */
export class JSONTooLarge extends Error {}

/** Texts up to this size are read at once, and the lists of spans of larger ones a piece of this size at a time. */
const PIECE_BYTES = 64 * 1024;
/** Of what is around spans: a resource and its scopes. */
const MOST_AROUND = 256 * 1024;
/** Of a single span, and of the objects and lists in it. */
const MOST_SPAN_BYTES = 1024 * 1024;
const MOST_CONTAINERS = 50_000;
/** The same of the whole request: a span has some dozens. */
const MOST_IN_ALL = 1_000_000;
const STEP_BYTES = 256 * 1024;
/** Resources, scopes and spans: a batch of a Collector has some thousands. */
const MOST_PARTS = 350_000;
/** Spans between which other work gets its turn. */
const STEP = 32;

/**
 * Writes an `ExportTraceServiceRequest` that came as JSON in protobuf, a step at a time. As tolerant as the reader of
 * spans: what is not known, or not of its type, is left out. Undefined when the text is no JSON object. Throws
 * JSONTooLarge.
 */
export function* writingOTLP(text: Buffer): Generator<void, Buffer | undefined> {
  const exactness: Exactness = { exact: true };
  const message = yield* writeRequest(text, parseJSON, exactness);
  // Only few clients write long numbers as such, so only then is the dearer way gone.
  return exactness.exact ? message : yield* writeRequest(text, parseExactly, { exact: true });
}

function* writeRequest(text: Buffer, parse: ParseJSON, exactness: Exactness): Generator<void, Buffer | undefined> {
  if (text.length <= PIECE_BYTES) {
    const document = parse(text.toString());
    return isObject(document) ? write(document, TRACES_DATA, exactness, 0) : undefined;
  }
  try {
    yield* countContainers(text);
    const lists = findSpanLists(text, PIECE_BYTES, true, RESOURCE_SPANS_KEY);
    yield;
    if (lists === undefined) return undefined;
    const document = parse(withoutLists(text, lists));
    if (!isObject(document)) return undefined;
    const number = list(document['resourceSpans'])[0];
    const found = typeof number === 'number' ? lists[number] : undefined;
    if (found === undefined) return Buffer.alloc(0);
    const writing = new Writing(parse, exactness);
    let start = found.from;
    for (const end of found.ends) {
      yield* writeGroups(Buffer.concat([OPEN, text.subarray(start, end), CLOSE]), writing);
      start = end + 1;
    }
    return Buffer.concat(writing.pieces);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const OPEN = Buffer.of(OPEN_LIST);
const CLOSE = Buffer.of(CLOSE_LIST);

/** Each list is its number in it, as in `parseInPieces`. */
function withoutLists(text: Buffer, lists: readonly CutList[]): string {
  const rest: string[] = [];
  let from = 0;
  let bytes = text.length;
  for (const [index, one] of lists.entries()) {
    const end = one.ends.at(-1) as number;
    bytes -= end - one.from;
    if (from < one.from) rest.push(text.toString('utf8', from, one.from));
    rest.push(String(index));
    from = end;
  }
  if (bytes > MOST_AROUND) throw new JSONTooLarge(`a request may have at most ${MOST_AROUND} bytes around its spans`);
  return [...rest, text.toString('utf8', from)].join('');
}

class Writing {
  readonly parse: ParseJSON;
  readonly exactness: Exactness;
  readonly pieces: Buffer[] = [];
  /** Resources, scopes and spans so far. */
  counted = 0;

  constructor(parse: ParseJSON, exactness: Exactness) {
    this.parse = parse;
    this.exactness = exactness;
  }

  count(parts: number): void {
    this.counted += parts;
    if (this.counted > MOST_PARTS) throw new JSONTooLarge(`a request may have at most ${MOST_PARTS} parts`);
  }
}

/** Some elements of `resourceSpans`, as a list. */
function* writeGroups(text: Buffer, writing: Writing): Generator<void> {
  const lists = findSpanLists(text, PIECE_BYTES, true);
  yield;
  if (lists === undefined) throw new SyntaxError('a list has no end');
  checkSizes(text, lists);
  const groups = parseInPieces(text, { parse: writing.parse, pieceBytes: PIECE_BYTES });
  if (!Array.isArray(groups)) throw new SyntaxError('not JSON');
  for (const group of groups as unknown[]) {
    writing.count(1);
    if (writing.counted % STEP === 0) yield;
    const pieces = yield* writeGroup(group, writing);
    writing.pieces.push(Buffer.concat(bytesField(1, Buffer.concat(pieces))));
  }
}

function checkSizes(text: Buffer, lists: readonly CutList[]): void {
  let around = text.length;
  for (const { from, ends } of lists) {
    around -= (ends.at(-1) as number) - from;
    let start = from;
    for (const end of ends) {
      const isLarge = end - start > 2 * PIECE_BYTES;
      if (
        end - start > MOST_SPAN_BYTES + PIECE_BYTES ||
        (isLarge && containersIn(text, start, end) > MOST_CONTAINERS)
      ) {
        throw new JSONTooLarge(`a span may have at most ${MOST_SPAN_BYTES} bytes and ${MOST_CONTAINERS} values`);
      }
      start = end + 1;
    }
  }
  if (around > MOST_AROUND) throw new JSONTooLarge(`a resource and its scopes may have at most ${MOST_AROUND} bytes`);
}

function* writeGroup(raw: unknown, writing: Writing): Generator<void, Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  if (!isObject(raw)) return pieces;
  for (const [name, value] of Object.entries(raw)) {
    const field = RESOURCE_SPANS.byName.get(name);
    if (field === undefined) continue;
    if (name !== 'scopeSpans') {
      pieces.push(...fieldOf(field, value, writing.exactness, 1));
      continue;
    }
    for (const scope of list(value)) {
      writing.count(1);
      if (writing.counted % STEP === 0) yield;
      if (isObject(scope)) pieces.push(...bytesField(field.number, yield* writeScope(scope, writing)));
    }
  }
  return pieces;
}

function* writeScope(raw: JSONObject, writing: Writing): Generator<void, Buffer> {
  let pieces: Uint8Array[] = [];
  for (const [name, value] of Object.entries(raw)) {
    const field = SCOPE_SPANS.byName.get(name);
    if (field === undefined) continue;
    if (name !== 'spans') {
      pieces.push(...fieldOf(field, value, writing.exactness, 2));
      continue;
    }
    for (const span of elements(value)) {
      writing.count(1);
      pieces.push(...fieldOf(field, span, writing.exactness, 2));
      if (writing.counted % STEP > 0) continue;
      // Many small buffers would take more than what is in them.
      if (pieces.length > STEP * STEP) pieces = [Buffer.concat(pieces)];
      yield;
    }
  }
  return Buffer.concat(pieces);
}

/** Each becomes an object of this process, a hundred bytes for two. */
function* countContainers(text: Buffer): Generator<void> {
  let count = 0;
  let step = STEP_BYTES;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at];
    if (byte === QUOTE) at = endOfText(text, at);
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) count++;
    if (at < step) continue;
    if (count > MOST_IN_ALL) throw new JSONTooLarge(`a request may have at most ${MOST_IN_ALL} objects and lists`);
    step = at + STEP_BYTES;
    yield;
  }
}

/** Objects and lists in a part of a text that is JSON. */
function containersIn(text: Buffer, from: number, end: number): number {
  let count = 0;
  for (let at = from; at < end; at++) {
    const byte = text[at];
    if (byte === QUOTE) at = endOfText(text, at);
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) count++;
  }
  return count;
}

/** The same at once. Throws JSONTooLarge. */
export function otlpFromJSON(text: string): Buffer | undefined {
  const steps = writingOTLP(Buffer.from(text));
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
