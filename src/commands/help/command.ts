import { BASIC_FLAGS } from '../../cli/arguments.ts';
import { ExitCode } from '../../errors.ts';
import { defineCommand, type Command, type CommandGroup, type CommandHelp } from '../command.ts';
import { knownVerb } from '../verbs.ts';

/** The command whose help is shown; undefined for the help of the program. */
export interface HelpInvocation {
  readonly kind: 'help';
  readonly topic?: string;
}

/** `help`, which explains the given commands and itself. */
export function helpCommand(
  others: Readonly<Record<string, CommandHelp>>,
  groups: readonly CommandGroup[],
): Command<HelpInvocation> {
  const all: Record<string, CommandHelp> = { ...others };
  const help = defineCommand<HelpInvocation>({
    summary: 'Help about any command',
    usage: ['help [COMMAND]'],
    examples: [],
    flags: BASIC_FLAGS,
    parse: ({ positionals: [topic] }) =>
      topic === undefined ? { kind: 'help' } : { kind: 'help', topic: knownVerb(topic, Object.keys(all)) },
    load: async () => {
      const { helpText } = await import('./text.ts');
      return async ({ topic }, runtime) => {
        runtime.out.write(helpText({ commands: all, groups }, topic));
        return ExitCode.ok;
      };
    },
  });
  all['help'] = help;
  return help;
}
