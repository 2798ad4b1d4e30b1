import { once } from '../format/once.ts';
import { tableOf } from '../format/table-of.ts';
import type { Terminal } from '../runtime.ts';

/**
 * Invisible characters, which can move a cursor, change colours, break a line, turn the direction of text, or hide in
 * it: everything in the general categories C (control, format, surrogate, private use, unassigned), line and paragraph
 * separators, and default ignorable characters (Unicode UAX #44; UAX #9 for the bidirectional ones). Also all combining
 * marks beyond four in a row, which would be drawn over the lines above and below.
 */
const unsafe = once(() => /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?<=\p{M}{4})\p{M}/gu);

const SHORT: Readonly<Record<string, string>> = tableOf({ '\n': '\\n', '\r': '\\r', '\t': '\\t' });

/** Text of a cluster or a backend, made fit for a terminal: every unsafe character is spelled out (`\u001b`). */
export function escapeText(text: string): string {
  return isHarmless(text) ? text : text.replace(unsafe(), (character) => SHORT[character] ?? spellOut(character));
}

/** The same of several lines, for a terminal; for a pipe or a file the text as it is. */
export const terminalText = (text: string, { isTTY }: Pick<Terminal, 'isTTY'>): string =>
  isTTY ? text.split('\n').map(escapeText).join('\n') : text;

/** Our own signs in ASCII. `µs` becomes the usual `us`. */
const SIGNS: Readonly<Record<string, string>> = tableOf({
  µ: 'u',
  '…': '~',
  '·': '.',
  '—': '-',
  '–': '-',
  '×': 'x',
  Σ: 'sum',
  '±': '+-',
  '✗': '!',
});

/** The same for a terminal that knows nothing but ASCII: every other character is spelled out. */
export function asciiText(text: string): string {
  if (isPrintableASCII(text)) return text;
  return escapeText(text).replace(/[^ -~]/gu, (character) => SIGNS[character] ?? spellOut(character));
}

/** ASCII and our own signs: nearly every line has one, and V8 takes a millisecond to build the set of unsafe characters. */
const isHarmless = (text: string): boolean => /^[ -~µ…·—–×Σ±✗]*$/.test(text);

const isPrintableASCII = (text: string): boolean => /^[ -~]*$/.test(text);

function spellOut(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}
