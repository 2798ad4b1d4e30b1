import { parseJSON } from './json.ts';
import { BLANK, closingBracket, OPEN_LIST, OPEN_OBJECT } from './json-stream/chunk-boundaries.ts';
import { parseInChunks, UnreadLists, type HowToParse, type ParseJSON } from './json-stream/chunked-list.ts';

/**
 * The result of `read` for the documents of a text: a single one, one on each line (a Collector's file exporter, and
 * streams of grpc-gateway), or several with nothing or blanks between them (concatenated files). Their lists of spans
 * are parsed later. `read` gets undefined if some of the text is not JSON. The boundaries of chunks are guessed first.
 * The result counts once every list was read to its end and is JSON, by `read` or afterwards. Otherwise `read` is called
 * again without guesses. Throws SyntaxError where a list is not JSON.
 */
export function readDocuments<Result>(
  source: Buffer,
  read: (documents: readonly unknown[] | undefined) => Result,
  parse: ParseJSON = parseJSON,
  chunkBytes?: number,
): Result {
  for (const mayGuess of [true, false]) {
    const { documents, isProved } = documentsOf(source, { parse, mayGuess, chunkBytes });
    try {
      const result = read(documents);
      if (isProved()) return result;
    } catch (error) {
      if (isProved()) throw error;
    }
  }
  throw new SyntaxError('not JSON');
}

interface Documents {
  readonly documents: readonly unknown[] | undefined;
  /** Reads the lists that are not read yet. */
  readonly isProved: () => boolean;
}

function documentsOf(source: Buffer, how: HowToParse): Documents {
  let mayBeByGuess = false;
  for (const readAs of [whole, lines, sequence]) {
    const unread = new UnreadLists();
    const documents = readAs(source, { ...how, unread });
    if (documents !== undefined) return { documents, isProved: () => unread.areJSON() };
    mayBeByGuess ||= unread.hasGuesses;
  }
  return { documents: undefined, isProved: () => !mayBeByGuess };
}

function whole(source: Buffer, how: HowToParse): readonly unknown[] | undefined {
  const document = parseInChunks(source, how);
  return document === undefined ? undefined : [document];
}

function lines(source: Buffer, how: HowToParse): readonly unknown[] | undefined {
  const documents: unknown[] = [];
  for (const line of linesOf(source)) {
    const document = parseInChunks(line, how);
    if (document === undefined) return undefined;
    documents.push(document);
  }
  return documents.length < 2 ? undefined : documents;
}

/** Objects and lists, wherever one ends and the next begins. */
function sequence(source: Buffer, how: HowToParse): readonly unknown[] | undefined {
  const documents: unknown[] = [];
  for (let at = 0; at < source.length; at++) {
    const byte = source[at] as number;
    if (BETWEEN.has(byte)) continue;
    const end = byte === OPEN_OBJECT || byte === OPEN_LIST ? closingBracket(source, at) : undefined;
    const document = end === undefined ? undefined : parseInChunks(source.subarray(at, end + 1), how);
    if (document === undefined) return undefined;
    documents.push(document);
    at = end as number;
  }
  return documents.length === 0 ? undefined : documents;
}

/** JSON's blanks, and the separator of JSON text sequences (RFC 7464). */
const BETWEEN: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0x1e]);

const NEWLINE = 0x0a;

/** Without those that are blank. */
function* linesOf(source: Buffer): Generator<Buffer> {
  for (let from = 0, to = 0; from < source.length; from = to + 1) {
    to = source.indexOf(NEWLINE, from);
    if (to < 0) to = source.length;
    const line = source.subarray(from, to);
    if (line.some((byte) => byte > BLANK)) yield line;
  }
}

type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

const keepDigits: SourceReviver = (_key, value, { source }) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
    ? source
    : value;

/**
 * JSON.parse, but integers that no double holds are their digits as text. Several times slower. TypeScript's es2024
 * library does not know the reviver's third argument (ECMAScript's JSON.parse source text access) yet.
 */
export function parseExactly(source: string): unknown {
  try {
    return JSON.parse(source, keepDigits as (key: string, value: unknown) => unknown) as unknown;
  } catch {
    return undefined;
  }
}
