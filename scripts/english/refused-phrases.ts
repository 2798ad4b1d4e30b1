import { REFUSED, type AllowedPhrase, type RefusedPhrase } from './phrases.ts';
import type { FoundText } from './typescript-texts.ts';

export interface Refusal {
  readonly phrase: RefusedPhrase;
  /** The phrase with the words around it. */
  readonly words: string;
}

/** Phrases of a text that are refused. An exception that was needed is added to `used`. */
export function refusedPhrases(
  { kind, text }: FoundText,
  { allowed, used }: { allowed: readonly AllowedPhrase[]; used: Set<AllowedPhrase> },
): Refusal[] {
  const refusals: Refusal[] = [];
  for (const phrase of REFUSED) {
    if (phrase.kinds?.includes(kind) === false) continue;
    const found = phrase.pattern.exec(text);
    if (found === null) continue;
    const exception = allowed.find((entry) => text.includes(entry.text) && phrase.pattern.test(entry.text));
    if (exception !== undefined) used.add(exception);
    else {
      const end = found.index + found[0].length + 30;
      refusals.push({ phrase, words: text.slice(Math.max(0, found.index - 30), end).trim() });
    }
  }
  return refusals;
}
