import { redactCommand } from '../format/redact-command.ts';
import { REDACTED, redactText } from '../format/redact-text.ts';
import type { Word } from './split.ts';

/** The command line as it may be shown and stored: without credentials, whether flags name them or they look like some. */
export function redactArguments(argv: readonly string[], words: readonly Word[]): string[] {
  const shown = [...argv];
  const isOfSecrets = words.some((word) => word.kind === 'positional' && /^secrets?(?:$|[/,.])/i.test(word.text));
  for (const word of words) {
    if (word.kind !== 'flag') continue;
    const { flag, value, at } = word;
    const text = argv[at]!;
    if (value === '' || !text.endsWith(value)) continue;
    const isSecret = flag.secret === true || (isOfSecrets && flag.name === 'patch');
    if (shown[at] === text)
      shown[at] = text.slice(0, text.length - value.length) + (isSecret ? REDACTED : redactText(value));
  }
  const literal = words.filter((word) => word.kind === 'positional' && word.isLiteral).length;
  const own = shown.slice(0, shown.length - literal);
  return [...own.map(redactText), ...redactCommand(argv.slice(own.length))];
}
