/**
 * The element that holds the document of a page: JSON, gzip, base64. A browser runs nothing of this type, and base64 has no
 * character that ends it.
 */
export const DATA_ID = 'document';
/** The document that it is compared with, behind it: what reads a page back reads the first. */
export const COMPARED_ID = 'compared';
export const DATA_END = '</script>';

export const dataStart = (id: typeof DATA_ID | typeof COMPARED_ID): string =>
  `<script type="application/gzip" id="${id}">`;

/** How a page begins: a file of another kind is not searched. */
const BEGINNING = /^\s*<!doctype html>/i;

/** Where the data of a page is; undefined for any other file, and `end` for a page that was truncated within it. */
export function findData(bytes: Buffer): { readonly start: number; readonly end: number | undefined } | undefined {
  if (!BEGINNING.test(bytes.toString('latin1', 0, 100))) return undefined;
  const found = bytes.indexOf(dataStart(DATA_ID), 0, 'latin1');
  if (found === -1) return undefined;
  const start = found + dataStart(DATA_ID).length;
  const end = bytes.indexOf(DATA_END, start, 'latin1');
  return { start, end: end === -1 ? undefined : end };
}
