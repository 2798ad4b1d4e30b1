import { endOfText, OPEN_LIST, OPEN_OBJECT, QUOTE, type ChunkBoundaries } from '../json-stream/chunk-boundaries.ts';

/** More of a request than is taken at once is in one place: it cannot be taken as it is, also later. */
export class JSONTooLarge extends Error {}

/** Maximum size of the JSON around spans: a resource and its scopes. */
export const MAX_ENVELOPE_BYTES = 256 * 1024;
/** Maximum size of a single span, and number of the objects and lists in it. */
const MAX_SPAN_BYTES = 1024 * 1024;
const MAX_CONTAINERS = 50_000;
/** The same of the whole request: a span has some dozens. */
const MAX_TOTAL_CONTAINERS = 1_000_000;
const STEP_BYTES = 256 * 1024;

/** Texts up to this size are read at once, and the lists of spans of larger ones a piece of this size at a time. */
export const CHUNK_BYTES = 64 * 1024;

/** Each becomes an object of this process, a hundred bytes for two. */
export function* countContainers(text: Buffer): Generator<void> {
  let count = 0;
  let step = STEP_BYTES;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at];
    if (byte === QUOTE) at = endOfText(text, at);
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) count++;
    if (at < step) continue;
    if (count > MAX_TOTAL_CONTAINERS)
      throw new JSONTooLarge(`a request may have at most ${MAX_TOTAL_CONTAINERS} objects and lists`);
    step = at + STEP_BYTES;
    yield;
  }
}

/** Bounds what is around the lists of spans, and each piece of them. */
export function checkSizes(text: Buffer, lists: readonly ChunkBoundaries[]): void {
  let around = text.length;
  for (const { from, ends } of lists) {
    around -= (ends.at(-1) as number) - from;
    let start = from;
    for (const end of ends) {
      const isLarge = end - start > 2 * CHUNK_BYTES;
      if (end - start > MAX_SPAN_BYTES + CHUNK_BYTES || (isLarge && containersIn(text, start, end) > MAX_CONTAINERS)) {
        throw new JSONTooLarge(`a span may have at most ${MAX_SPAN_BYTES} bytes and ${MAX_CONTAINERS} values`);
      }
      start = end + 1;
    }
  }
  if (around > MAX_ENVELOPE_BYTES)
    throw new JSONTooLarge(`a resource and its scopes may have at most ${MAX_ENVELOPE_BYTES} bytes`);
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
