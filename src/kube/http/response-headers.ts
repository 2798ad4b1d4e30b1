/** The headers by lower-case name; repeated ones joined by ", ". `raw` alternates names and values. */
export function headersOf(raw: readonly string[]): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index]!.toLowerCase();
    const value = raw[index + 1]!;
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}

/**
 * The texts of `Warning: 299 - "text"` headers, which the API server sends about deprecated APIs and the like. Other
 * codes are about caches (RFC 7234 §5.5), which kubectl does not show either.
 */
export function warningsOf(values: readonly string[]): string[] {
  const pattern = /(\d{3}) \S+ "((?:[^"\\]|\\.)*)"/g;
  return values
    .flatMap((value) => [...value.matchAll(pattern)])
    .filter(([, code]) => code === '299')
    .map(([, , text]) => text!.replace(/\\(.)/g, '$1'));
}
