import { list, parseJSON } from './json.ts';
import { findSpanLists, type FoundList } from './span-lists.ts';

/** Makes a value of JSON; undefined when it is none. */
export type ParseJSON = (source: string) => unknown;

/**
 * Parses one JSON document, but its lists of spans only while somebody goes through them, a piece at a time: of a large
 * trace no more than a piece is there as text and as what JSON makes of it. Undefined when it is not JSON; in a list that
 * shows when the list is gone through, by a SyntaxError.
 */
export function parseInPieces(bytes: Buffer, parse: ParseJSON = parseJSON, pieceBytes?: number): unknown {
  const found = findSpanLists(bytes, pieceBytes);
  if (found === undefined) return undefined;
  if (found.length === 0) return parse(bytes.toString('utf8'));
  // In what is parsed now each list is its number. No other list is left under the key, so that it cannot be taken for one.
  const rest: string[] = [];
  let from = 0;
  for (const [index, one] of found.entries()) {
    rest.push(bytes.toString('utf8', from, one.from), String(index));
    from = one.ends.at(-1) as number;
  }
  rest.push(bytes.toString('utf8', from));
  const document = parse(rest.join(''));
  return withLists(document, (index) => new PiecedList(bytes, found[index] as FoundList, parse));
}

/** The elements of a list, whether it is parsed or not; none where there is no list. */
export function elements(value: unknown): Iterable<unknown> {
  return value instanceof PiecedList ? value : list(value);
}

class PiecedList implements Iterable<unknown> {
  readonly #bytes: Buffer;
  readonly #list: FoundList;
  readonly #parse: ParseJSON;

  constructor(bytes: Buffer, found: FoundList, parse: ParseJSON) {
    this.#bytes = bytes;
    this.#list = found;
    this.#parse = parse;
  }

  *[Symbol.iterator](): Iterator<unknown> {
    const { from, ends } = this.#list;
    const longest = ends.reduce((most, end, index) => Math.max(most, end - (ends[index - 1] ?? from)), 0);
    // Between brackets of its own a piece is a list. A place for bytes is used again, one for text would be made anew.
    const source = Buffer.allocUnsafe(longest + 2);
    source.write('[');
    let start = from;
    for (const end of ends) {
      const length = this.#bytes.copy(source, 1, start, end) + 1;
      source.write(']', length);
      const piece = this.#parse(source.toString('utf8', 0, length + 1));
      // Only a whole list may be empty: beside a comma there is an element.
      if (!Array.isArray(piece) || (piece.length === 0 && ends.length > 1)) throw new SyntaxError('not JSON');
      for (const element of piece as unknown[]) yield element;
      start = end + 1;
    }
  }
}

/** Puts lists in the place of their numbers. Iterative: a document may be as deep as it likes. */
function withLists(document: unknown, listOf: (index: number) => PiecedList): unknown {
  replaceSpans(document, (numbers) => (Array.isArray(numbers) ? listOf(Number(numbers[0])) : numbers));
  return document;
}

/** Parses what is to be parsed yet: all of the document is there at once. Throws SyntaxError. */
export function parseRest(document: unknown): unknown {
  replaceSpans(document, (value) => (value instanceof PiecedList ? [...value] : value));
  return document;
}

function replaceSpans(document: unknown, replacement: (value: unknown) => unknown): void {
  const stack: unknown[] = [document];
  while (stack.length > 0) {
    const one = stack.pop();
    if (typeof one !== 'object' || one === null) continue;
    for (const [key, value] of Object.entries(one)) {
      const replaced = key === 'spans' ? replacement(value) : value;
      if (replaced === value) stack.push(value);
      else (one as Record<string, unknown>)[key] = replaced;
    }
  }
}
