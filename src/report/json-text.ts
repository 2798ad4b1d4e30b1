/** Characters of most texts, and the signs of our own labels. */
const UNUSUAL = /[^\0-~µ·×…—–]/gu;

/**
 * Characters that JSON may hold as they are, and that act or hide where it is shown: DEL and C1 (ECMA-48), format
 * characters (bidirectional, zero-width, tags; Unicode UAX #9 and UTS #39), separators, and what is drawn as nothing.
 */
const ACTING = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** A value as JSON on many lines, with nothing in it that acts on a terminal or in an editor. */
export function jsonText(value: unknown, indent: number): string {
  return `${JSON.stringify(value, null, indent)}\n`.replace(UNUSUAL, (character) =>
    ACTING.test(character) ? escaped(character) : character,
  );
}

/** `\u202e`; what lies beyond the first plane is two of them (RFC 8259 §7). */
function escaped(character: string): string {
  let text = '';
  for (let index = 0; index < character.length; index++)
    text += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  return text;
}
