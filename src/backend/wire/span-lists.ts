/** Bytes of JSON's structure; in UTF-8 none of them is part of another character. */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const LIST_BIT = 0x20;
const OPEN_OBJECT = OPEN_LIST | LIST_BIT;
const CLOSE_OBJECT = 0x7d;
const BLANK = 0x20;

/** As large as what is parsed at once can be and still live in the heap's young generation. */
const PIECE_BYTES = 64 * 1024;

const KEY = Buffer.from('"spans"');

/** A list under the key `spans`, cut between elements. */
export interface FoundList {
  /** Of its first byte behind the opening bracket. */
  readonly from: number;
  /** Where its pieces end, in order: at commas between elements, and the last at the bracket that closes it. */
  readonly ends: readonly number[];
}

/**
 * Finds the outermost lists of spans in JSON without parsing it: only quotes and brackets are looked at, so that it takes
 * a fraction of the time. What it finds in something that is not JSON is not JSON either. Undefined when a list or a text
 * has no end.
 */
export function findSpanLists(bytes: Uint8Array, pieceBytes = PIECE_BYTES): readonly FoundList[] | undefined {
  const lists: FoundList[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfText(bytes, at);
    else if (byte === OPEN_LIST && isUnderKey(bytes, at)) {
      const list = cutList(bytes, at + 1, pieceBytes);
      if (list === undefined) return undefined;
      lists.push(list);
      at = list.ends.at(-1) as number;
    }
  }
  return lists;
}

/** The list whose first byte is at `from`; undefined when it does not end. */
function cutList(bytes: Uint8Array, from: number, pieceBytes: number): FoundList | undefined {
  const ends: number[] = [];
  let depth = 0;
  let next = from + pieceBytes;
  const { length } = bytes;
  for (let at = from; at < length; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      // As in endOfText, but nearly every byte of a file comes by here: a call for each text takes as long again.
      for (at++; at < length; at++) {
        const inside = bytes[at];
        if (inside === QUOTE) break;
        if (inside === BACKSLASH) at++;
      }
      continue;
    }
    // The brackets of lists and of objects differ from each other in one bit.
    const bracket = byte | LIST_BIT;
    if (bracket === OPEN_OBJECT) depth++;
    else if (bracket === CLOSE_OBJECT) {
      if (depth === 0) return { from, ends: [...ends, at] };
      depth--;
    } else if (byte === COMMA && depth === 0 && at >= next) {
      ends.push(at);
      next = at + pieceBytes;
    }
  }
  return undefined;
}

/** Of the quote that closes the text which is opened at `at`; the end of the bytes when there is none. */
function endOfText(bytes: Uint8Array, at: number): number {
  for (let end = at + 1; end < bytes.length; end++) {
    const byte = bytes[end];
    if (byte === QUOTE) return end;
    if (byte === BACKSLASH) end++;
  }
  return bytes.length;
}

function isUnderKey(bytes: Uint8Array, at: number): boolean {
  const colon = lastBefore(bytes, at);
  if (bytes[colon] !== COLON) return false;
  const start = lastBefore(bytes, colon) - KEY.length + 1;
  // Behind a backslash the first quote is not one: the key is longer.
  return start > 0 && KEY.every((byte, index) => bytes[start + index] === byte) && bytes[start - 1] !== BACKSLASH;
}

/** Of the last byte before `at` that is not blank. */
function lastBefore(bytes: Uint8Array, at: number): number {
  let before = at - 1;
  while ((bytes[before] ?? Infinity) <= BLANK) before--;
  return before;
}
