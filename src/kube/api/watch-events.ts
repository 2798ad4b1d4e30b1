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
