import { parseJSON } from './json.ts';
import { parseInPieces, type ParseJSON } from './pieces.ts';

/**
 * The documents of a text: one, or one a line (a Collector's file exporter, and streams of grpc-gateway), each with its
 * lists of spans to be parsed yet. Undefined when some of it is not JSON: it was cut off, or is something else.
 */
export function documents(source: Buffer, parse: ParseJSON = parseJSON): readonly unknown[] | undefined {
  const whole = parseInPieces(source, parse);
  if (whole !== undefined) return [whole];
  const parsed: unknown[] = [];
  for (const line of linesOf(source)) {
    const document = parseInPieces(line, parse);
    if (document === undefined) return undefined;
    parsed.push(document);
  }
  return parsed.length < 2 ? undefined : parsed;
}

const NEWLINE = 0x0a;
const BLANK = 0x20;

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
