import type { Exactness } from './value.ts';
import { isObject, list, parseJSON, type JSONObject } from '../json.ts';
import { parseExactly } from '../documents.ts';
import { CLOSE_LIST, OPEN_LIST, type ChunkBoundaries } from '../json-stream/chunk-boundaries.ts';
import { checkSizes, countContainers, JSONTooLarge, MAX_ENVELOPE_BYTES, CHUNK_BYTES } from './json-bounds.ts';
import { fieldOf, write } from './json-fields.ts';
import { RESOURCE_SPANS, SCOPE_SPANS, TRACES_DATA } from './schema.ts';
import { chunksOf, parseInChunks, UnreadLists, type ParseJSON } from '../json-stream/chunked-list.ts';
import { findSpanLists, RESOURCE_SPANS_KEY } from '../json-stream/span-lists.ts';
import { bytesField } from '../protobuf/writer.ts';

/** Resources, scopes and spans: a batch of a Collector has some thousands. */
const MAX_PARTS = 350_000;
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
  if (text.length <= CHUNK_BYTES) {
    const document = parse(text.toString());
    return isObject(document) ? write(document, TRACES_DATA, exactness, 0) : undefined;
  }
  try {
    yield* countContainers(text);
    const lists = findSpanLists(text, CHUNK_BYTES, true, RESOURCE_SPANS_KEY);
    yield;
    if (lists === undefined) return undefined;
    const document = parse(withoutLists(text, lists));
    if (!isObject(document)) return undefined;
    const wanted = list(document['resourceSpans'])[0];
    const writing = new Writing(parse, exactness);
    for (const [number, cuts] of lists.entries()) {
      // The last of two lists under one key counts, but a text is JSON only if all of it is.
      yield* writeList(text, cuts, number === wanted ? writing : new Writing(parse, exactness));
    }
    return Buffer.concat(writing.pieces);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const OPEN = Buffer.of(OPEN_LIST);
const CLOSE = Buffer.of(CLOSE_LIST);

/** Each list is its number in it, as in `parseInChunks`. */
function withoutLists(text: Buffer, lists: readonly ChunkBoundaries[]): string {
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
  if (bytes > MAX_ENVELOPE_BYTES)
    throw new JSONTooLarge(`a request may have at most ${MAX_ENVELOPE_BYTES} bytes around its spans`);
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
    if (this.counted > MAX_PARTS) throw new JSONTooLarge(`a request may have at most ${MAX_PARTS} parts`);
  }
}

function* writeList(text: Buffer, { from, ends }: ChunkBoundaries, writing: Writing): Generator<void> {
  let start = from;
  for (const end of ends) {
    const count = yield* writeGroups(Buffer.concat([OPEN, text.subarray(start, end), CLOSE]), writing);
    // Only a whole list may be empty: beside a comma there is an element.
    if (count === 0 && ends.length > 1) throw new SyntaxError('not JSON');
    start = end + 1;
  }
}

/** Some elements of `resourceSpans`, as a list; their number. */
function* writeGroups(text: Buffer, writing: Writing): Generator<void, number> {
  const lists = findSpanLists(text, CHUNK_BYTES, true);
  yield;
  if (lists === undefined) throw new SyntaxError('a list has no end');
  checkSizes(text, lists);
  yield;
  const unread = new UnreadLists();
  const groups = parseInChunks(text, { parse: writing.parse, chunkBytes: CHUNK_BYTES, unread });
  if (!Array.isArray(groups)) throw new SyntaxError('not JSON');
  for (const group of groups as unknown[]) {
    writing.count(1);
    if (writing.counted % STEP === 0) yield;
    const pieces = yield* writeGroup(group, writing);
    writing.pieces.push(Buffer.concat(bytesField(1, Buffer.concat(pieces))));
  }
  yield* unread.reading();
  return groups.length;
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
    for (const chunk of chunksOf(value)) {
      // A chunk may be one span of a megabyte: to parse it is one step, and to write it another.
      yield;
      for (const span of chunk) {
        writing.count(1);
        pieces.push(...fieldOf(field, span, writing.exactness, 2));
        if (writing.counted % STEP > 0) continue;
        // Many small buffers would take more than what is in them.
        if (pieces.length > STEP * STEP) pieces = [Buffer.concat(pieces)];
        yield;
      }
      yield;
    }
  }
  return Buffer.concat(pieces);
}

/** The same at once. Throws JSONTooLarge. */
export function otlpFromJSON(text: string): Buffer | undefined {
  const steps = writingOTLP(Buffer.from(text));
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
