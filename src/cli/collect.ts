import { Parser } from 'yargs/helpers';
import type { Word } from './split.ts';

/** The command line, not yet parsed. */
interface Collected {
  /** Every value of each flag, in order, by the flag's name. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
}

/**
 * yargs with every convenience switched off that pflag does not have: a value stays the text that was typed, a name
 * stays itself, and a repeated flag keeps all its values in order.
 */
const PARSER_CONFIGURATION = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'combine-arrays': false,
  'dot-notation': false,
  'duplicate-arguments-array': true,
  'flatten-duplicate-arrays': true,
  'greedy-arrays': false,
  'nargs-eats-options': true,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'populate--': true,
  'short-option-groups': false,
};

/** The values of each flag, and what is no flag. */
export function collectValues(words: readonly Word[]): Collected {
  // Name and value separately: from `--name="value"` yargs would remove the quotes, which the shell left there on
  // purpose.
  const flags = words.flatMap((word) => (word.kind === 'flag' ? [`--${word.flag.name}`, word.value] : []));
  const positionals = words.flatMap((word) => (word.kind === 'positional' ? [word.text] : []));
  // Only those that are given: what yargs does for every name that it knows takes longer than what it does for these.
  const names = [...new Set(words.flatMap((word) => (word.kind === 'flag' ? [word.flag.name] : [])))];
  const parsed = Parser([...flags, '--', ...positionals], {
    string: names,
    narg: Object.fromEntries(names.map((name) => [name, 1])),
    configuration: PARSER_CONFIGURATION,
  });
  const given = new Map<string, readonly string[]>();
  for (const name of names) {
    const value: unknown = parsed[name];
    if (value !== undefined) given.set(name, [value].flat() as string[]);
  }
  return { given, positionals: (parsed['--'] ?? []) as string[] };
}
