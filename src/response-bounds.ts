/**
 * How much a server may send, for responses of the API server and of backends alike. A page of 500 objects is about 5 MiB,
 * 100,000 spans are about 100 MiB. V8 has no text longer than 512 MiB.
 */
export const MAX_BODY_BYTES = 192 * 1024 * 1024;

/**
 * Lists of the API server shrink to a tenth, and 5,000 nearly equal ConfigMaps of 10 kB to 1/170; gzip can do a
 * thousandth.
 */
const EXPANSION = 32;
/** However few bytes it was before: 6,000 objects of 10 kB. */
const ALWAYS_EXPANDED = 64 * 1024 * 1024;

/** To how many bytes `compressed` bytes may be expanded, `most` at the most. */
export const largestExpanded = (compressed: number, most = MAX_BODY_BYTES): number =>
  Math.min(most, ALWAYS_EXPANDED + EXPANSION * compressed);

/** Objects of Kubernetes and spans have a value in every 16 to 20 bytes. Each costs about 35 bytes of memory. */
const DENSEST = 12;
const ALWAYS_VALUES = 1_000_000;

const OPENS_OBJECT = 0x7b;
const OPENS_LIST = 0x5b;
const CLOSES_OBJECT = 0x7d;
const CLOSES_LIST = 0x5d;
const COMMA = 0x2c;

/**
 * Throws ResponseTooLarge for JSON with far more values than objects of its size have: `{},{},{}` takes twenty times its
 * size when it is parsed. Where it was `compressed` to that many bytes, each value took about two of them.
 */
export function checkValues(body: Uint8Array, compressed = Infinity): void {
  const most = Math.floor(ALWAYS_VALUES + Math.min(body.length / DENSEST, compressed));
  if (body.length > most && countValues(body) > most) throw new ResponseTooLarge(`${most} values`);
}

/** Counts the values of JSON, or a few more: commas in texts count as well. */
export function countValues(body: Uint8Array): number {
  const isOdd = body.byteOffset % 2;
  let values = isOdd === 1 && body.length > 0 ? valuesIn(body[0] as number) : 0;
  const pairs = new Uint16Array(body.buffer, body.byteOffset + isOdd, Math.max(0, body.length - isOdd) >> 1);
  const inPair = valuesInPairs();
  for (let at = 0; at < pairs.length; at++) values += inPair[pairs[at] as number] as number;
  const rest = isOdd + pairs.length * 2;
  return rest < body.length ? values + valuesIn(body[rest] as number) : values;
}

const valuesIn = (byte: number): number => (byte === COMMA || byte === OPENS_OBJECT || byte === OPENS_LIST ? 1 : 0);

let ofPairs: Uint8Array | undefined;

/** Two bytes at a time take 40 % of the time that single bytes take: 100,000 spans are 75 MB. */
function valuesInPairs(): Uint8Array {
  if (ofPairs !== undefined) return ofPairs;
  ofPairs = new Uint8Array(0x1_00_00);
  for (let pair = 0; pair < ofPairs.length; pair++) ofPairs[pair] = valuesIn(pair & 0xff) + valuesIn(pair >> 8);
  return ofPairs;
}

/** Deeper JSON is taken for none: Go's decoder stops at 10,000 levels, and what walks it here at the end of the stack. */
const MAX_DEPTH = 1000;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether JSON is nested deeper than anything that Kubernetes stores. */
export function isTooDeep(body: Uint8Array): boolean {
  if (body.length <= MAX_DEPTH || opensFew(body)) return false;
  let depth = 0;
  let inText = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (byte === QUOTE) inText = !inText;
    else if (inText) at += byte === BACKSLASH ? 1 : 0;
    else if (byte === OPENS_OBJECT || byte === OPENS_LIST) {
      if (++depth > MAX_DEPTH) return true;
    } else if (byte === CLOSES_OBJECT || byte === CLOSES_LIST) depth--;
  }
  return false;
}

/** Fewer brackets than levels: V8 finds each in a fraction of the time that a loop here takes for all bytes between them. */
function opensFew(body: Uint8Array): boolean {
  // Not a Buffer, whose own search is written in JavaScript.
  const bytes = new Uint8Array(body.buffer, body.byteOffset, body.length);
  let opened = 0;
  for (const bracket of [OPENS_OBJECT, OPENS_LIST]) {
    for (let at = bytes.indexOf(bracket); at !== -1; at = bytes.indexOf(bracket, at + 1)) {
      if (++opened > MAX_DEPTH) return false;
    }
  }
  return true;
}

/** A server's response exceeds a bound; `bound` names it: `32 MiB`. */
export class ResponseTooLarge extends Error {
  readonly bound: string;

  constructor(bound: string) {
    super(`more than ${bound}`);
    this.name = 'ResponseTooLarge';
    this.bound = bound;
  }
}

/** `256 MiB`, `20.5 MiB`, `512 bytes` */
export function boundText(bytes: number): string {
  if (bytes < 1024 * 1024) return `${bytes} bytes`;
  return `${Number((bytes / (1024 * 1024)).toFixed(1))} MiB`;
}
