import type { OutputFile } from 'esbuild';

/** One file of dist/. */
export type BuiltText = Pick<OutputFile, 'path' | 'text'>;

/**
 * A text of ASCII alone takes V8 one byte for each character, and half the time to read. esbuild sees to it but for
 * regular expressions, which have the same escapes.
 */
export function inASCII({ path, text }: BuiltText): BuiltText {
  // A backslash before it would be taken for part of the escape.
  const escaped = /(?<!\\)(?:\\\\)*\\[\u0080-\uffff]/.exec(text);
  if (escaped !== null) throw new Error(`${path}: a character beyond ASCII is escaped already: ${escaped[0]}`);
  const ascii = text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return { path, text: ascii };
}
