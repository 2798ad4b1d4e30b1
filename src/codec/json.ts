/** A JSON object of unknown content. */
export type JSONObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NOTHING: readonly unknown[] = [];

/** The array, or an empty one where there is none: a missing list and an empty one mean the same in every format here. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NOTHING;
}

/** The text, or "" where there is none. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** No real attribute is nested this deep. */
const MAX_DEPTH = 64;

/** A value of JSON to the depth that an attribute may have: what lies deeper is null. */
export function bounded(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((one) => bounded(one, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, bounded(one, depth + 1)]));
}

/** Undefined when the text is not JSON. */
export function parseJSON(source: string): unknown {
  try {
    return JSON.parse(source) as unknown;
  } catch {
    return undefined;
  }
}
