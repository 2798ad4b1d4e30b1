import yargs, { type ArgumentsCamelCase, type Options } from 'yargs';
import type { Flag } from './flag.ts';
import { flagOfOthers, type Word } from './split.ts';

/** The command line after yargs: the command's name, and what belongs to it. */
export interface Routed<Verb extends string> {
  /** `help` without any; undefined where the first argument is not the name of a command. */
  readonly verb: Verb | undefined;
  /** The first argument. */
  readonly typed: string;
  /** Every value of each flag, in order, by the flag's name. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  /** The arguments that are not flags, without the command's name. */
  readonly positionals: readonly string[];
}

/**
 * yargs with every convenience switched off that pflag does not have: a value stays the text that was typed, a name
 * stays itself, and a repeated flag keeps all its values in order.
 */
const LIKE_PFLAG = {
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

/**
 * Finds the command of a command line, and collects the values of its flags. Throws a UsageError for a flag that the
 * command does not have.
 */
export function route<Verb extends string>(
  words: readonly Word[],
  commands: Readonly<Record<Verb, { readonly flags: readonly Flag[] }>>,
): Routed<Verb> {
  // Names and values separately: from `--name="value"` yargs would remove the quotes, which the shell left there on
  // purpose.
  const flags = words.flatMap((word) => (word.kind === 'flag' ? [`--${word.flag.name}`, word.value] : []));
  const [typed = 'help', ...rest] = words.flatMap((word) => (word.kind === 'positional' ? [word.text] : []));
  // Only the flags that are given: what yargs does for each option takes longer than parsing it.
  const given = [...new Set(words.flatMap((word) => (word.kind === 'flag' ? [word.flag] : [])))];
  let routed: Routed<Verb> | undefined;
  const finish = (verb: Verb | undefined, parsed: ArgumentsCamelCase): void => {
    routed = { verb, typed, given: valuesOf(parsed, given), positionals: rest };
  };
  const program = yargs()
    .help(false)
    .version(false)
    .exitProcess(false)
    .parserConfiguration(LIKE_PFLAG)
    .command('$0 [words..]', false, optionsOf(given), (parsed) => finish(undefined, parsed));
  // Only the command that is typed, as with the flags: yargs reads each one's usage with a dozen regular expressions.
  for (const verb of (Object.keys(commands) as Verb[]).filter((name) => name === typed)) {
    const known = given.filter((flag) => commands[verb].flags.some(({ name }) => name === flag.name));
    program.command(
      verb,
      false,
      (command) =>
        command
          .options(optionsOf(known))
          .strictOptions()
          .fail(() => {
            const name = given.find((flag) => !known.includes(flag))?.name ?? '';
            throw flagOfOthers(name, verb, ownersOf(name, commands));
          }),
      (parsed) => finish(verb, parsed),
    );
  }
  // No name of a command begins with a dash.
  const isName = !typed.startsWith('-');
  program.parseSync([...(isName ? [typed] : []), ...flags, '--', ...rest]);
  if (routed === undefined) throw new Error('yargs ran no command');
  return routed;
}

/** The commands that have a flag. */
export const ownersOf = (
  name: string,
  commands: Readonly<Record<string, { readonly flags: readonly Flag[] }>>,
): string[] => Object.keys(commands).filter((verb) => commands[verb]?.flags.some((flag) => flag.name === name));

/** Each takes one argument, whatever it looks like: `words` has the implied value of a flag that stood alone. */
const optionsOf = (flags: readonly Flag[]): Record<string, Options> =>
  Object.fromEntries(flags.map(({ name }) => [name, { string: true, nargs: 1, hidden: true }]));

function valuesOf(parsed: ArgumentsCamelCase, flags: readonly Flag[]): Map<string, readonly string[]> {
  return new Map(flags.map(({ name }) => [name, [parsed[name]].flat() as string[]]));
}
