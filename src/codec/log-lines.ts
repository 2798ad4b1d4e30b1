/** A larger document is read only line by line. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;
/** Exports put entries into texts, and those into others. */
export const MAX_NESTING = 3;

/** Looks for some requests in a log. */
export interface LogSearch {
  /** Whether a text has anything about them. Others are not parsed, so that a large log costs little. */
  isWanted(text: Buffer | string): boolean;
  line(text: string): void;
  /** The log as one document of JSON. */
  document(value: unknown): void;
  hasFound(): boolean;
}

/** Searches a log line by line, and as one document if that finds nothing. */
export function searchLog(bytes: Buffer, search: LogSearch): void {
  for (const line of linesOf(bytes)) if (search.isWanted(line)) search.line(line.toString());
  if (search.hasFound() || bytes.length > MAX_DOCUMENT_BYTES || !search.isWanted(bytes)) return;
  search.document(jsonIn(bytes.toString()));
}

/** The lines of a log, as bytes: only those that are of interest become texts. */
function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(0x0a, from);
    const to = end < 0 ? bytes.length : end;
    yield bytes.subarray(from, to);
    from = to + 1;
  }
}

/** The JSON that a text holds, from its first brace or bracket: `aws logs tail` writes the time and the stream before it. */
export function jsonIn(text: string): unknown {
  const starts = [text.search(/[[{]/), text.indexOf('{')];
  for (const start of starts) {
    if (start < 0) continue;
    try {
      return JSON.parse(text.slice(start)) as unknown;
    } catch {
      // The bracket was part of what is before it.
    }
  }
  return undefined;
}
