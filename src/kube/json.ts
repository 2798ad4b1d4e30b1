import { isTooDeep } from '../response-bounds.ts';

/** An object of JSON or YAML: no list, no null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined when the body is not JSON, or nested too deep. */
export function parseJSON(body: Uint8Array): unknown {
  if (isTooDeep(body)) return undefined;
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  } catch {
    return undefined;
  }
}

/** A text of a document; "" for anything else. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The items of a list, where null is as none; undefined for what has no items (apimachinery's unstructured). */
export function itemsOf(document: Readonly<Record<string, unknown>>): unknown[] | undefined {
  const { items } = document;
  if (Array.isArray(items)) return items;
  return items === null ? [] : undefined;
}
