import { isObject, textOf } from '../json.ts';
import { parseJSONDocument } from '../manifest/json.ts';

/** One change, as the server sends it. */
export interface WatchEvent {
  /** ADDED, MODIFIED, DELETED, BOOKMARK or ERROR. */
  readonly type: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** The events of a watch, one on each line. A line that was cut off is ignored. */
export function readEvents(body: Uint8Array): WatchEvent[] {
  const lines = Buffer.from(body).toString('utf8').split('\n').slice(0, -1);
  return lines.flatMap((line) => parseEvent(line) ?? []);
}

/** Undefined for a line without an event. */
export function parseEvent(line: string): WatchEvent | undefined {
  const event = parseLine(line);
  if (!isObject(event) || !isObject(event['object'])) return undefined;
  return { type: textOf(event['type']), object: event['object'] };
}

function parseLine(line: string): unknown {
  try {
    return parseJSONDocument(line);
  } catch {
    return undefined;
  }
}

/** One object is at most 1.5 MiB in etcd; a line that is longer than this is no event. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;

const LINE_END = 0x0a;

/** Cuts a stream into lines. A line that is too long is left out. */
export class Lines {
  /** A line was left out. */
  overflowed = false;
  readonly #onLine: (line: Buffer) => void;
  /** The line that is not at its end: parts of it that hold no line end. */
  #parts: Uint8Array[] = [];
  #size = 0;

  constructor(onLine: (line: Buffer) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, from)) {
      this.#add(chunk.subarray(from, end));
      from = end + 1;
      if (this.#size <= MAX_LINE_BYTES) this.#onLine(Buffer.concat(this.#parts, this.#size));
      this.#parts = [];
      this.#size = 0;
    }
    this.#add(chunk.subarray(from));
  }

  #add(part: Uint8Array): void {
    this.#size += part.length;
    if (this.#size <= MAX_LINE_BYTES) {
      if (part.length > 0) this.#parts.push(part);
      return;
    }
    this.overflowed = true;
    this.#parts = [];
  }
}
