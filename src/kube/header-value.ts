import { UsageError } from '../errors.ts';

/**
 * A text as the value of a header: its bytes in UTF-8, as Go writes it, each as one character. Throws a UsageError for a
 * control character, which ends or breaks a header (golang.org/x/net/http/httpguts, ValidHeaderFieldValue). `what` names
 * the text, which is not quoted.
 */
export function headerValue(text: string, what: string): string {
  const control = controlCharacter(text);
  if (control === undefined) return Buffer.from(text).toString('latin1');
  throw new UsageError('InvalidCredentials', `the ${what} contains ${control}, which an HTTP header cannot hold`, {
    hint:
      control === 'a line break'
        ? 'remove it: `echo` and a YAML block that begins with `|` leave one at the end, `printf %s` and `|-` do not'
        : 'remove it',
  });
}

/** What a header cannot hold; undefined without it. */
export function controlCharacter(text: string): string | undefined {
  // A tab may stand in a header.
  const found = /[\0-\x08\n-\x1f\x7f]/.exec(text)?.[0];
  if (found === undefined) return undefined;
  return found === '\n' || found === '\r' ? 'a line break' : 'a control character';
}
