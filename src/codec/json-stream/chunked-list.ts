import { list, parseJSON } from '../json.ts';
import { CLOSE_LIST, OPEN_LIST, type ChunkBoundaries } from './chunk-boundaries.ts';
import { findSpanLists, CHUNK_BYTES } from './span-lists.ts';

/** Parses JSON; undefined for invalid JSON. */
export type ParseJSON = (source: string) => unknown;

/**
 * Lists that have not been read to their end yet. The result for a document is right only when none is left: if all
 * chunks of all lists are JSON, and the text around them is too, every boundary and the end of each list are proved,
 * guessed ones included. A list may be in no document: of two under one key the last counts, and a wrong end hides one
 * as well.
 */
export class UnreadLists {
  readonly #lists = new Set<ChunkedList>();

  /** A guess may be why a document is not JSON. */
  hasGuesses = false;

  add(one: ChunkedList, isGuessed: boolean): void {
    this.#lists.add(one);
    this.hasGuesses ||= isGuessed;
  }

  remove(one: ChunkedList): void {
    this.#lists.delete(one);
  }

  /** Reads what is left, a piece at each step. Throws SyntaxError. */
  *reading(): Generator<void> {
    for (const one of this.#lists) {
      const pieces = one.pieces();
      while (pieces.next().done !== true) yield;
    }
  }

  areJSON(): boolean {
    try {
      const steps = this.reading();
      while (steps.next().done !== true);
      return true;
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  }
}

export interface HowToParse {
  readonly parse?: ParseJSON;
  /** The document's lists are added to it, until they are read. */
  readonly unread?: UnreadLists;
  /** Cuts are guessed, unless it is false or left out. */
  readonly mayGuess?: boolean;
  readonly chunkBytes?: number | undefined;
}

/**
 * Parses one JSON document, but its lists of spans only during iteration, one chunk at a time: only one chunk of a
 * large trace is in memory as text and as parsed values. Undefined when the document is not JSON. A list that is not
 * JSON throws a SyntaxError during iteration. With `mayGuess` either may be due to a wrong guess.
 */
export function parseInChunks(
  bytes: Buffer,
  { parse = parseJSON, unread = new UnreadLists(), mayGuess = false, chunkBytes = CHUNK_BYTES }: HowToParse = {},
): unknown {
  const found = findSpanLists(bytes, chunkBytes, !mayGuess);
  if (found === undefined) return undefined;
  if (found.length === 0) return parse(bytes.toString('utf8'));
  // In what is parsed now each list is its number. No other list is left under the key, so that it cannot be taken for one.
  const rest: string[] = [];
  const lists: ChunkedList[] = [];
  let from = 0;
  for (const [index, one] of found.entries()) {
    const pieced = new ChunkedList(bytes, one, parse, unread);
    unread.add(pieced, one.isGuessed);
    lists.push(pieced);
    rest.push(bytes.toString('utf8', from, one.from), String(index));
    from = one.ends.at(-1) as number;
  }
  rest.push(bytes.toString('utf8', from));
  const document = parse(rest.join(''));
  return withLists(document, lists);
}

/** The elements of a list, whether it is parsed or not; none where there is no list. */
export function elements(value: unknown): Iterable<unknown> {
  return value instanceof ChunkedList ? value : list(value);
}

/** The same a chunk at a time: what is not parsed yet is parsed when its turn comes. */
export function chunksOf(value: unknown): Iterable<readonly unknown[]> {
  return value instanceof ChunkedList ? value.pieces() : [list(value)];
}

class ChunkedList implements Iterable<unknown> {
  readonly #bytes: Buffer;
  readonly #cuts: ChunkBoundaries;
  readonly #parse: ParseJSON;
  readonly #unread: UnreadLists;

  constructor(bytes: Buffer, cuts: ChunkBoundaries, parse: ParseJSON, unread: UnreadLists) {
    this.#bytes = bytes;
    this.#cuts = cuts;
    this.#parse = parse;
    this.#unread = unread;
  }

  *[Symbol.iterator](): Iterator<unknown> {
    for (const piece of this.pieces()) for (const element of piece) yield element;
  }

  *pieces(): Generator<readonly unknown[]> {
    const { from, ends } = this.#cuts;
    let start = from;
    for (const end of ends) {
      const piece = this.#piece(start, end);
      // Only a whole list may be empty: beside a comma there is an element.
      if (!Array.isArray(piece) || (piece.length === 0 && ends.length > 1)) throw new SyntaxError('not JSON');
      yield piece as readonly unknown[];
      start = end + 1;
    }
    this.#unread.remove(this);
  }

  /** A chunk in brackets is a list: for a moment they replace the bytes around it. */
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
function withLists(document: unknown, lists: readonly ChunkedList[]): unknown {
  replaceSpans(document, (numbers) => (Array.isArray(numbers) ? lists[Number(numbers[0])] : numbers));
  return document;
}

/** Parses what is to be parsed yet: all of the document is there at once. Throws SyntaxError. */
export function parseRest(document: unknown): unknown {
  replaceSpans(document, (value) => (value instanceof ChunkedList ? [...value] : value));
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
