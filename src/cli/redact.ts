import { REDACTED, redactCommand } from './redact-command.ts';
import type { Word } from './split.ts';

/** The command line as it may be shown and stored: values of secret flags and passwords in URLs are gone. */
export function redactArguments(argv: readonly string[], words: readonly Word[]): string[] {
  const shown = [...argv];
  for (const word of words) {
    if (word.kind !== 'flag') continue;
    const { flag, value, at } = word;
    if (flag.secret === true) shown[at] = argv[at]!.slice(0, argv[at]!.length - value.length) + REDACTED;
  }
  const literal = words.filter((word) => word.kind === 'positional' && word.isLiteral).length;
  const own = shown.slice(0, shown.length - literal);
  return [...own, ...redactCommand(shown.slice(own.length))].map(redactURL);
}

/** `https://user:password@host` with the password replaced. */
function redactURL(text: string): string {
  return text.replace(/(:\/\/[^/?#@:]*):[^/?#]*@/, `$1:${REDACTED}@`);
}
