import { parseJSON } from '../json.ts';
import {
  BACKSLASH,
  findChunkBoundaries,
  endOfText,
  guessCuts,
  lastBefore,
  OPEN_LIST,
  QUOTE,
  type ChunkBoundaries,
} from './chunk-boundaries.ts';

const COLON = 0x3a;

/** As large as what is parsed at once can be and still live in the heap's young generation. */
export const CHUNK_BYTES = 64 * 1024;

// Pure: the page, which finds no lists in bytes, is built without them.
const KEY = /* @__PURE__ */ Buffer.from('"spans"');
/** Without its first byte, of which there are many. */
const SEARCHED_KEY = /* @__PURE__ */ KEY.subarray(1);

/** Key of the lists that contain the lists of spans. */
export const RESOURCE_SPANS_KEY = /* @__PURE__ */ Buffer.from('"resourceSpans"');

/**
 * Finds the outermost lists of spans in JSON without parsing it. What it finds in something that is not JSON is not JSON
 * either. Undefined when a list or a text has no end. Of long lists most cuts are guessed, unless `exact`: a wrong one
 * shows when the pieces, or what is beside the lists, are parsed.
 */
export function findSpanLists(
  bytes: Buffer,
  chunkBytes: number,
  exact: boolean,
  key: Buffer = KEY,
): readonly ChunkBoundaries[] | undefined {
  const lists: ChunkBoundaries[] = [];
  // Start and end of the last string.
  let start = -1;
  let end = -1;
  const nextKey = keySearch(bytes);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      start = at;
      at = end = endOfText(bytes, at);
    } else if (byte === OPEN_LIST && isBehindKey(bytes, at, end) && isKey(bytes.subarray(start, end + 1), key)) {
      const list = exact
        ? findChunkBoundaries(bytes, at + 1, chunkBytes)
        : guessCuts(bytes, at + 1, chunkBytes, nextKey(at + 1));
      if (list === undefined) return undefined;
      lists.push(list);
      at = list.ends.at(-1) as number;
    }
  }
  return lists;
}

/**
 * Index of the first key at or after a position, or the length of the bytes: the list behind it may have elements of the
 * same kind. Positions come in ascending order, and the bytes are searched once for all of them.
 */
function keySearch(bytes: Buffer): (from: number) => number {
  let next = -1;
  return (from) => {
    if (next < from) {
      const found = bytes.indexOf(SEARCHED_KEY, from);
      next = found === -1 ? bytes.length : found;
    }
    return next;
  };
}

/** Whether a value begins at `at`, and its key ends at `keyEnd`. */
function isBehindKey(bytes: Uint8Array, at: number, keyEnd: number): boolean {
  const colon = lastBefore(bytes, at);
  return bytes[colon] === COLON && lastBefore(bytes, colon) === keyEnd;
}

/** As JSON.parse reads it: `"sp\u0061ns"` is the same key. */
function isKey(text: Buffer, key: Buffer): boolean {
  if (text.length <= key.length) return text.equals(key);
  if (text.length > MAX_ESCAPE_LENGTH * key.length || !text.includes(BACKSLASH)) return false;
  return parseJSON(text.toString()) === parseJSON(key.toString());
}

/** Length of one escaped character: `\u0061`. */
const MAX_ESCAPE_LENGTH = 6;
