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

/** A value as JSON; undefined when it is nested so deeply that V8, which reads any depth, cannot write it. */
export function writeJSON(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Undefined when the text is not JSON. */
export function parseJSON(source: string): unknown {
  try {
    return JSON.parse(source) as unknown;
  } catch {
    return undefined;
  }
}
