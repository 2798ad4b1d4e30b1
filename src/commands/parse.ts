import { collectValues } from '../cli/collect.ts';
import { flagOfOthers, flagTable, splitWords, type Word } from '../cli/split.ts';
import { FlagValues } from '../cli/values.ts';
import type { Environment } from '../runtime.ts';
import type { ParsedCommand } from './command.ts';
import { FOREIGN_FLAGS, foreignCommand } from './foreign-commands.ts';
import { COMMANDS, FLAGS, VERBS, type Invocation, type Verb } from './index.ts';
import { knownVerb } from './verbs.ts';

const TABLE = flagTable(FLAGS, FOREIGN_FLAGS);

/** Understands the command line after the program's name. Throws only UsageErrors. */
export function parse(argv: readonly string[], env: Environment): ParsedCommand<Invocation> {
  const words = wordsOf(argv);
  const { given, positionals: all } = collectValues(words);
  const values = new FlagValues(FLAGS, given, env);
  const [typed = 'help', ...positionals] = all;
  const verb = knownVerb(typed, VERBS);
  for (const name of given.keys()) checkFlagOf(verb, name);
  const line = { argv, words, positionals, values };
  const wantsHelp = values.boolean('help') === true && verb !== 'help';
  return wantsHelp ? COMMANDS.help.parse({ ...line, positionals: [verb] }) : COMMANDS[verb].parse(line);
}

/** The command line of another program gets a hint to that program, even where there are other errors in it. */
function wordsOf(argv: readonly string[]): Word[] {
  try {
    return splitWords(argv, TABLE);
  } catch (error) {
    throw foreignCommand(argv) ?? error;
  }
}

function checkFlagOf(verb: Verb, name: string): void {
  if (!COMMANDS[verb].flags.some((flag) => flag.name === name)) throw flagOfOthers(name, verb);
}
