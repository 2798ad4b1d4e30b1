import {
  BACKSLASH,
  cutList,
  endOfText,
  guessCuts,
  lastBefore,
  OPEN_LIST,
  QUOTE,
  type CutList,
} from './chunk-boundaries.ts';

const COLON = 0x3a;

/** As large as what is parsed at once can be and still live in the heap's young generation. */
export const PIECE_BYTES = 64 * 1024;

const KEY = Buffer.from('"spans"');
/** Without its first byte, of which there are many. */
const SEARCHED_KEY = KEY.subarray(1);

/** Of the lists that have those of spans inside. */
export const RESOURCE_SPANS_KEY = Buffer.from('"resourceSpans"');

/**
 * Finds the outermost lists of spans in JSON without parsing it. What it finds in something that is not JSON is not JSON
 * either. Undefined when a list or a text has no end. Of long lists most cuts are guessed, unless `exact`: a wrong one
 * shows when the pieces, or what is beside the lists, are parsed.
 */
export function findSpanLists(
  bytes: Buffer,
  pieceBytes: number,
  exact: boolean,
  key: Buffer = KEY,
): readonly CutList[] | undefined {
  const lists: CutList[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfText(bytes, at);
    else if (byte === OPEN_LIST && isUnderKey(bytes, at, key)) {
      const list = exact ? cutList(bytes, at + 1, pieceBytes) : guess(bytes, at + 1, pieceBytes);
      if (list === undefined) return undefined;
      lists.push(list);
      at = list.ends.at(-1) as number;
    }
  }
  return lists;
}

/** The next list of spans may have elements of the same kind. */
function guess(bytes: Buffer, from: number, pieceBytes: number): CutList | undefined {
  const next = bytes.indexOf(SEARCHED_KEY, from);
  return guessCuts(bytes, from, pieceBytes, next === -1 ? bytes.length : next);
}

function isUnderKey(bytes: Uint8Array, at: number, key: Buffer): boolean {
  const colon = lastBefore(bytes, at);
  if (bytes[colon] !== COLON) return false;
  const start = lastBefore(bytes, colon) - key.length + 1;
  // Behind a backslash the first quote is not one: the key is longer.
  return start > 0 && key.every((byte, index) => bytes[start + index] === byte) && bytes[start - 1] !== BACKSLASH;
}
