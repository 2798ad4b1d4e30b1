/** An object of JSON or YAML: no list, no null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined when the body is not JSON. */
export function parseJSON(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return undefined;
  }
}

/** A text of a document; "" for anything else. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
