import { isTooDeep } from '../../response-bounds.ts';
import { isObject } from '../json.ts';

/** Items that are parsed at once. */
const PART = 50;

/** A list whose items are parsed part by part: of a page of many megabytes only one part is in memory as objects. */
export interface ListParts {
  /** The list without its items. */
  readonly list: Record<string, unknown>;
  /** Iterating throws a SyntaxError where an item is not JSON. */
  readonly parts: Iterable<readonly unknown[]>;
}

/**
 * Undefined for a body that is not a JSON object, or nested too deep. `isBare`: the managedFields of the items are
 * empty, which are half of a pod and take most of the time.
 */
export function parseListParts(body: Uint8Array, isBare = false): ListParts | undefined {
  if (isTooDeep(body)) return undefined;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const items = itemsOf(bytes, isBare);
  // Between its brackets a list without items has no part.
  const outer =
    items === undefined
      ? bytes.toString()
      : `${bytes.toString('utf8', 0, items.from)}${bytes.toString('utf8', items.to)}`;
  const list = parsed(outer);
  if (!isObject(list)) return undefined;
  if (items !== undefined) return { list, parts: partsOf(bytes, items) };
  return { list, parts: Array.isArray(list['items']) ? [list['items'] as unknown[]] : [] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function* partsOf(bytes: Buffer, { from, to, cuts, skipped }: Items): Generator<readonly unknown[]> {
  let start = from;
  let next = 0;
  for (const end of [...cuts, to]) {
    let text = '[';
    for (; next < skipped.length && skipped[next]!.from < end; next++) {
      text += bytes.toString('utf8', start, skipped[next]!.from);
      start = skipped[next]!.to;
    }
    yield JSON.parse(`${text}${bytes.toString('utf8', start, end)}]`) as unknown[];
    start = end + 1;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const ITEMS = Buffer.from('"items"');
const MANAGED_FIELDS = Buffer.from('"managedFields"');
/** Depth of the key in `{"items":[{"metadata":{"managedFields":…`; the bracket of the items does not count. */
const MANAGED_DEPTH = 3;

/** The items of a list in its bytes: between two brackets, with the commas between parts. */
interface Items {
  readonly from: number;
  readonly to: number;
  readonly cuts: readonly number[];
  /** Bytes that are not parsed. */
  readonly skipped: readonly { readonly from: number; readonly to: number }[];
}

/** Undefined for a list without items. */
function itemsOf(bytes: Buffer, isBare: boolean): Items | undefined {
  const cuts: number[] = [];
  const skipped: { from: number; to: number }[] = [];
  let from = 0;
  let depth = 0;
  let items = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === QUOTE) {
      const end = stringEnd(bytes, index);
      const key =
        from === 0 ? (depth === 1 ? ITEMS : undefined) : isBare && depth === MANAGED_DEPTH ? MANAGED_FIELDS : undefined;
      const list = key !== undefined && isText(bytes, key, index, end) ? listAfter(bytes, end + 1) : undefined;
      index = end;
      if (list === undefined) continue;
      if (from === 0) {
        if (bytes[nextByte(bytes, list + 1)] === CLOSE_LIST) return undefined;
        from = list + 1;
        index = list;
      } else {
        index = listEnd(bytes, list);
        skipped.push({ from: list + 1, to: index });
      }
    } else if (byte === OPEN || byte === OPEN_LIST) depth++;
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      // The bracket that opens the items was passed over.
      if (depth === 1 && byte === CLOSE_LIST && from > 0) return { from, to: index, cuts, skipped };
      depth--;
    } else if (byte === COMMA && depth === 1 && from > 0 && ++items % PART === 0) cuts.push(index);
  }
  return undefined;
}

const isText = (bytes: Buffer, text: Buffer, start: number, end: number): boolean =>
  end + 1 - start === text.length && bytes.compare(text, 0, text.length, start, end + 1) === 0;

/** The bracket of the list that is a key's value; undefined for any other value. */
function listAfter(bytes: Buffer, keyEnd: number): number | undefined {
  const colon = nextByte(bytes, keyEnd);
  const list = nextByte(bytes, colon + 1);
  return bytes[colon] === COLON && bytes[list] === OPEN_LIST ? list : undefined;
}

/** The bracket that closes a list. */
function listEnd(bytes: Buffer, start: number): number {
  let depth = 0;
  for (let index = start; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === QUOTE) index = stringEnd(bytes, index);
    else if (byte === OPEN || byte === OPEN_LIST) depth++;
    else if ((byte === CLOSE || byte === CLOSE_LIST) && --depth === 0) return index;
  }
  return bytes.length;
}

/** The quote that ends the string: it has an even number of backslashes before it. */
function stringEnd(bytes: Buffer, start: number): number {
  for (let end = bytes.indexOf(QUOTE, start + 1); end !== -1; end = bytes.indexOf(QUOTE, end + 1)) {
    let before = end - 1;
    while (bytes[before] === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return bytes.length;
}

/** The next byte that is no blank. */
function nextByte(bytes: Buffer, from: number): number {
  let index = from;
  while (index < bytes.length && bytes[index]! <= 0x20) index++;
  return index;
}
