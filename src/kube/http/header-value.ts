import { UsageError } from '../../errors.ts';

/**
 * A text as the value of a header: its bytes in UTF-8, as Go writes it, each as one character. Throws a UsageError for a
 * control character, which ends or breaks a header (golang.org/x/net/http/httpguts, ValidHeaderFieldValue). `what` names
 * the text, which is not quoted.
 */
export function headerValue(text: string, what: string): string {
  const control = controlCharacter(text);
  if (control === undefined) return utf8Value(text);
  throw new UsageError('InvalidCredentials', `the ${what} contains ${control}, which an HTTP header cannot hold`, {
    hint:
      control === 'a line break'
        ? 'remove it: `echo` and a YAML block that begins with `|` leave one at the end, `printf %s` and `|-` do not'
        : 'remove it',
  });
}

/** The bytes of a text in UTF-8, each as one character: Node.js writes a header's characters as bytes. */
export const utf8Value = (text: string): string => Buffer.from(text).toString('latin1');

/** The first character that no header can hold; undefined without one. */
export function controlCharacter(text: string): string | undefined {
  if (/[\r\n]/.test(text)) return 'a line break';
  // A tab may stand in a header, and so may what is beyond ASCII.
  const isControl = (character: string): boolean => (character < ' ' && character !== '\t') || character === '\x7f';
  return Array.from(text).some(isControl) ? 'a control character' : undefined;
}
