import { UsageError } from '../errors.ts';

/** Go's encoding/json reads nothing deeper, so neither does the API server; V8's own stack is the nearer limit. */
const MAX_DEPTH = 1000;
/** Anchors of YAML can make a small file into an endless document. The API server takes 3 MB. */
const MAX_CHARACTERS = 50_000_000;

/**
 * A value as kubectl sends it: as Go's encoding/json writes a map, with sorted keys and escaped for HTML, and with the
 * line break at the end that json.Encoder adds. Bigints are integers beyond 2^53. Throws a UsageError for what has no
 * JSON, or no end.
 */
export function encodeObject(value: unknown): string {
  const parts: string[] = [];
  let characters = 0;
  const put = (text: string): void => {
    characters += text.length;
    if (characters > MAX_CHARACTERS) throw unencodable('its aliases make it larger than 50 MB');
    parts.push(text);
  };
  write(value, put, 0);
  return `${parts.join('')}\n`;
}

function write(value: unknown, put: (text: string) => void, depth: number): void {
  if (depth > MAX_DEPTH) throw unencodable(`it is nested deeper than ${MAX_DEPTH} levels`);
  if (value === null || value === undefined) put('null');
  else if (typeof value === 'string') put(quote(value));
  else if (typeof value === 'number') put(number(value));
  else if (typeof value === 'boolean' || typeof value === 'bigint') put(String(value));
  else if (Array.isArray(value)) {
    put('[');
    for (const [index, item] of value.entries()) {
      if (index > 0) put(',');
      write(item, put, depth + 1);
    }
    put(']');
  } else writeMap(value as Record<string, unknown>, put, depth);
}

function writeMap(map: Readonly<Record<string, unknown>>, put: (text: string) => void, depth: number): void {
  put('{');
  for (const [index, key] of Object.keys(map).sort(byBytes).entries()) {
    put(`${index > 0 ? ',' : ''}${quote(key)}:`);
    write(map[key], put, depth + 1);
  }
  put('}');
}

/** In the order of their UTF-8 bytes, which is not that of UTF-16 above U+FFFF. */
function byBytes(one: string, two: string): number {
  if (one === two) return 0;
  // oxlint-disable-next-line no-control-regex
  const plain = /^[\0-\x7f]*$/;
  if (plain.test(one) && plain.test(two)) return one < two ? -1 : 1;
  return Buffer.compare(Buffer.from(one), Buffer.from(two));
}

/** Lone surrogates have no UTF-8: Go has replaced them when it read them. */
function quote(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function number(value: number): string {
  if (!Number.isFinite(value)) throw unencodable(`${value} is not a number that JSON has`);
  return String(value);
}

const unencodable = (why: string): UsageError => new UsageError('MalformedInput', `the object cannot be sent: ${why}`);
