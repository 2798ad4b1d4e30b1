/** Bytes of JSON's structure; in UTF-8 none of them is part of another character. */
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
const COMMA = 0x2c;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;
const LIST_BIT = 0x20;
export const OPEN_OBJECT = OPEN_LIST | LIST_BIT;
const CLOSE_OBJECT = 0x7d;
export const BLANK = 0x20;

/** A list, cut between elements. */
export interface ChunkBoundaries {
  /** Index of its first byte after the opening bracket. */
  readonly from: number;
  /** Where its pieces end, in order: at commas between elements, and the last at the bracket that closes it. */
  readonly ends: readonly number[];
  readonly isGuessed: boolean;
}

/**
 * Cuts a list at the first comma between elements after each `chunkBytes`. Only quotes and brackets are looked at, so that
 * it takes a fraction of the time of parsing. `from` is behind its opening bracket, or behind a comma between elements.
 * Undefined when the list does not end.
 */
export function findChunkBoundaries(bytes: Uint8Array, from: number, chunkBytes: number): ChunkBoundaries | undefined {
  const ends: number[] = [];
  for (let start = from; ; start = (ends.at(-1) as number) + 1) {
    const end = nextCut(bytes, start, chunkBytes);
    if (end === undefined) return undefined;
    ends.push(end);
    if (bytes[end] !== COMMA) return { from, ends, isGuessed: false };
  }
}

function nextCut(bytes: Uint8Array, from: number, chunkBytes: number): number | undefined {
  const next = from + chunkBytes;
  const { length } = bytes;
  let depth = 0;
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
      if (depth === 0) return at;
      depth--;
    } else if (byte === COMMA && depth === 0 && at >= next) return at;
  }
  return undefined;
}

/** Index of the bracket that closes the one at `open`; undefined when there is none. */
export const closingBracket = (bytes: Uint8Array, open: number): number | undefined =>
  nextCut(bytes, open + 1, Infinity);

/**
 * As `findChunkBoundaries`, most of it guessed: what writes a list writes the same between any two elements, `},{"traceID"` for example.
 * That is searched for after each piece, a hundred times faster than every byte is looked at. It may as well be found
 * inside an element, or beyond the list. But then a piece is not JSON: where all are, each ends where an element does, and
 * the last where the list does. What is found last before `until` counts for nothing: what is there may begin with it.
 *
 *     [ {"traceID"…  … },{"traceID"…  … },{"traceID"…      … ]
 *       looked at -----^ searched ----^                 looked at
 */
export function guessCuts(bytes: Buffer, from: number, chunkBytes: number, until: number): ChunkBoundaries | undefined {
  const first = nextCut(bytes, from, chunkBytes);
  if (first === undefined) return undefined;
  if (bytes[first] !== COMMA) return { from, ends: [first], isGuessed: false };
  const ends = [first];
  const between = betweenElements(bytes, first);
  if (between !== undefined) {
    // Not to the end of the bytes for each of many lists.
    const searched = bytes.subarray(0, until);
    const search = (behind: number): number => {
      const found = searched.indexOf(between.text, behind);
      return found === -1 ? Infinity : found;
    };
    let found = search(first + chunkBytes);
    while (search(found + 1) < until) {
      ends.push(found + between.comma);
      found = search(found + chunkBytes);
    }
  }
  const isGuessed = ends.length > 1;
  const rest = findChunkBoundaries(bytes, (ends.at(-1) as number) + 1, chunkBytes);
  // No end may be because a guess was inside a text.
  if (rest === undefined) return isGuessed ? findChunkBoundaries(bytes, from, chunkBytes) : undefined;
  return { from, ends: [...ends, ...rest.ends], isGuessed };
}

/** From the bracket before a comma to the end of the key behind it; undefined where other things stand there. */
function betweenElements(bytes: Buffer, comma: number): { readonly text: Buffer; readonly comma: number } | undefined {
  const close = lastBefore(bytes, comma);
  const open = firstFrom(bytes, comma + 1);
  const quote = firstFrom(bytes, open + 1);
  if (bytes[close] !== CLOSE_OBJECT || bytes[open] !== OPEN_OBJECT || bytes[quote] !== QUOTE) return undefined;
  return { text: bytes.subarray(close, endOfText(bytes, quote) + 1), comma: comma - close };
}

/** Index of the quote that closes the text which is opened at `at`; the end of the bytes when there is none. */
export function endOfText(bytes: Uint8Array, at: number): number {
  for (let end = at + 1; end < bytes.length; end++) {
    const byte = bytes[end];
    if (byte === QUOTE) return end;
    if (byte === BACKSLASH) end++;
  }
  return bytes.length;
}

/** Index of the last byte before `at` that is not blank. */
export function lastBefore(bytes: Uint8Array, at: number): number {
  let before = at - 1;
  while ((bytes[before] ?? Infinity) <= BLANK) before--;
  return before;
}

function firstFrom(bytes: Uint8Array, at: number): number {
  let from = at;
  while ((bytes[from] ?? Infinity) <= BLANK) from++;
  return from;
}
