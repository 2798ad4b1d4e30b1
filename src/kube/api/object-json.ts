import { UsageError } from '../../errors.ts';

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
  return encode(value, '');
}

/** The same on many lines, as `kubectl get -o json` prints it. */
export function formatObject(value: unknown): string {
  return encode(value, '    ');
}

function encode(value: unknown, indent: string): string {
  const parts: string[] = [];
  let characters = 0;
  const put = (text: string): void => {
    characters += text.length;
    if (characters > MAX_CHARACTERS) throw unencodable('its aliases make it larger than 50 MB');
    parts.push(text);
  };
  write(value, { put, indent, depth: 0 });
  return `${parts.join('')}\n`;
}

interface Sink {
  readonly put: (text: string) => void;
  /** Indentation of one level; "" for all on one line. */
  readonly indent: string;
  readonly depth: number;
}

function write(value: unknown, sink: Sink): void {
  const { put, depth } = sink;
  if (depth > MAX_DEPTH) throw unencodable(`it is nested deeper than ${MAX_DEPTH} levels`);
  if (value === null || value === undefined) put('null');
  else if (typeof value === 'string') put(quote(value));
  else if (typeof value === 'number') put(number(value));
  else if (typeof value === 'boolean' || typeof value === 'bigint') put(String(value));
  else if (Array.isArray(value)) {
    writeAll('[', value, ']', sink, (item, inner) => write(item, inner));
  } else {
    const map = value as Readonly<Record<string, unknown>>;
    const separator = sink.indent === '' ? ':' : ': ';
    writeAll('{', Object.keys(map).sort(byBytes), '}', sink, (key, inner) => {
      put(`${quote(key)}${separator}`);
      write(map[key], inner);
    });
  }
}

function writeAll<Item>(
  open: string,
  items: readonly Item[],
  close: string,
  sink: Sink,
  each: (item: Item, inner: Sink) => void,
): void {
  const { put, indent, depth } = sink;
  const inner = { ...sink, depth: depth + 1 };
  put(open);
  for (const [index, item] of items.entries()) {
    if (index > 0) put(',');
    if (indent !== '') put(`\n${indent.repeat(depth + 1)}`);
    each(item, inner);
  }
  if (indent !== '' && items.length > 0) put(`\n${indent.repeat(depth)}`);
  put(close);
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
