/** A key that is longer than YAML lets the key of one line be. */
const LONG_KEY = /"[^"]{1000,}"\s*:/;

/** A number that YAML may read in another way: -0, with a fraction or an exponent, or with more digits than a double has. */
const OTHER_NUMBER = /-0|\d[.eE]|\d{16}/;

/**
 * Reads JSON as `kubectl config view -o json` writes it, for which js-yaml takes longer to load than to read it. YAML contains
 * JSON, so that kubectl reads it as YAML. For such a text this returns what parseYAML returns; for anything in which the two
 * may differ, undefined.
 */
export function readPlainJSON(text: string): unknown {
  // An escape, a character beyond ASCII, or a tab, which YAML allows in few places. `<<` may be a merge key.
  if (!text.startsWith('{') || /[^\n\x20-\x7e]|\\|"<<"|"__proto__"/.test(text) || LONG_KEY.test(text)) return undefined;
  if (OTHER_NUMBER.test(text.replace(/"[^"]*"/g, '""'))) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
