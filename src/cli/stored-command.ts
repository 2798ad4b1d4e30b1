/**
 * A stored command, as a command line names it.
 * - `back`: 0 is the last one, 1 the one before.
 * - `prefix`: the first digits of a trace ID, at most 32.
 */
export type StoredName = { readonly back: number } | { readonly prefix: string };

/**
 * Reads `last`, `^1` or the first digits of a trace ID, in lower or upper case; undefined for anything else. A file whose
 * name looks like an ID is written with its folder: `./add`.
 */
export function storedName(text: string): StoredName | undefined {
  if (text === 'last') return { back: 0 };
  const back = /^\^(\d{1,4})$/.exec(text)?.[1];
  if (back !== undefined) return { back: Number(back) };
  return /^[0-9a-f]{1,32}$/i.test(text) ? { prefix: text.toLowerCase() } : undefined;
}
