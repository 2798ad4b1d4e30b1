import { parseJSON } from './json.ts';

/**
 * The documents of a text: one, or one a line (a Collector's file exporter, and streams of grpc-gateway).
 * Undefined when some of it is not JSON: it was cut off, or is something else.
 */
export function documents(
  source: string,
  parse: (source: string) => unknown = parseJSON,
): readonly unknown[] | undefined {
  const whole = parse(source);
  if (whole !== undefined) return [whole];
  const lines = source.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2) return undefined;
  const parsed: unknown[] = [];
  for (const line of lines) {
    const document = parse(line);
    if (document === undefined) return undefined;
    parsed.push(document);
  }
  return parsed;
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
