/** The lines of a log, as bytes: only those that are of interest become texts. */
export function* linesOf(bytes: Buffer): Generator<Buffer> {
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
