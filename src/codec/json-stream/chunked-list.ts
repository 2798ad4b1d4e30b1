import { list, parseJSON } from '../json.ts';
import { CLOSE_LIST, OPEN_LIST, type CutList } from './chunk-boundaries.ts';
import { findSpanLists, PIECE_BYTES } from './span-lists.ts';

/** Makes a value of JSON; undefined when it is none. */
export type ParseJSON = (source: string) => unknown;

/**
 * Cuts that were guessed, list by list, until somebody has gone through the list: that all of its pieces are JSON proves
 * every cut, and where the list ends. Only then what was made of a document is right.
 */
export class Guesses {
  readonly #open = new Set<CutList>();

  add(cuts: CutList): void {
    if (cuts.isGuessed) this.#open.add(cuts);
  }

  prove(cuts: CutList): void {
    this.#open.delete(cuts);
  }

  get areProved(): boolean {
    return this.#open.size === 0;
  }
}

export interface HowToParse {
  readonly parse?: ParseJSON;
  /** Undefined: nothing is guessed. */
  readonly guesses?: Guesses | undefined;
  readonly pieceBytes?: number | undefined;
}

/**
 * Parses one JSON document, but its lists of spans only while somebody goes through them, a piece at a time: of a large
 * trace no more than a piece is there as text and as what JSON makes of it. Undefined when it is not JSON; in a list that
 * shows when the list is gone through, by a SyntaxError. With `guesses` either may be because of one of them.
 */
export function parseInPieces(
  bytes: Buffer,
  { parse = parseJSON, guesses, pieceBytes = PIECE_BYTES }: HowToParse = {},
): unknown {
  const found = findSpanLists(bytes, pieceBytes, guesses === undefined);
  if (found === undefined) return undefined;
  if (found.length === 0) return parse(bytes.toString('utf8'));
  // In what is parsed now each list is its number. No other list is left under the key, so that it cannot be taken for one.
  const rest: string[] = [];
  let from = 0;
  for (const [index, one] of found.entries()) {
    guesses?.add(one);
    rest.push(bytes.toString('utf8', from, one.from), String(index));
    from = one.ends.at(-1) as number;
  }
  rest.push(bytes.toString('utf8', from));
  const document = parse(rest.join(''));
  return withLists(document, (index) => new PiecedList(bytes, found[index] as CutList, parse, guesses));
}

/** The elements of a list, whether it is parsed or not; none where there is no list. */
export function elements(value: unknown): Iterable<unknown> {
  return value instanceof PiecedList ? value : list(value);
}

class PiecedList implements Iterable<unknown> {
  readonly #bytes: Buffer;
  readonly #cuts: CutList;
  readonly #parse: ParseJSON;
  readonly #guesses: Guesses | undefined;

  constructor(bytes: Buffer, cuts: CutList, parse: ParseJSON, guesses: Guesses | undefined) {
    this.#bytes = bytes;
    this.#cuts = cuts;
    this.#parse = parse;
    this.#guesses = guesses;
  }

  *[Symbol.iterator](): Iterator<unknown> {
    const { from, ends } = this.#cuts;
    let start = from;
    for (const end of ends) {
      const piece = this.#piece(start, end);
      // Only a whole list may be empty: beside a comma there is an element.
      if (!Array.isArray(piece) || (piece.length === 0 && ends.length > 1)) throw new SyntaxError('not JSON');
      for (const element of piece as unknown[]) yield element;
      start = end + 1;
    }
    this.#guesses?.prove(this.#cuts);
  }

  /** Between brackets of its own a piece is a list: they stand in the place of what is around it for a moment. */
  #piece(from: number, end: number): unknown {
    const bytes = this.#bytes;
    const [before, behind] = [bytes[from - 1] as number, bytes[end] as number];
    bytes[from - 1] = OPEN_LIST;
    bytes[end] = CLOSE_LIST;
    const source = bytes.toString('utf8', from - 1, end + 1);
    bytes[from - 1] = before;
    bytes[end] = behind;
    return this.#parse(source);
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
