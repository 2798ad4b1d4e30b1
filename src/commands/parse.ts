import { route } from '../cli/route.ts';
import { flagTable, splitWords, type Word } from '../cli/split.ts';
import { FlagValues } from '../cli/values.ts';
import type { Environment } from '../runtime.ts';
import type { ParsedCommand } from './command.ts';
import { FOREIGN_FLAGS, foreignCommand } from './foreign-commands.ts';
import { COMMANDS, FLAGS, VERBS, type Invocation } from './index.ts';
import { knownVerb } from './verbs.ts';

const TABLE = flagTable(FLAGS, FOREIGN_FLAGS);

/** Understands the command line after the program's name. Throws only UsageErrors. */
export function parse(argv: readonly string[], env: Environment): ParsedCommand<Invocation> {
  const words = wordsOf(argv);
  const { verb: named, typed, given, positionals } = route(words, COMMANDS);
  const verb = named ?? knownVerb(typed, VERBS);
  const values = new FlagValues(FLAGS, given, env);
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
