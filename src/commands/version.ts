import { BASIC_FLAGS } from '../cli/arguments.ts';
import { ExitCode, UsageError } from '../errors.ts';
import { defineCommand } from './command.ts';

/** `kubectl trace version`. */
export const version = defineCommand<{ readonly kind: 'version' }>({
  summary: 'Print the version of kubectl trace',
  usage: ['version'],
  examples: [],
  flags: BASIC_FLAGS,
  parse: ({ positionals: [first] }) => {
    if (first !== undefined) throw new UsageError('TooManyArguments', `unexpected argument "${first}"`);
    return { kind: 'version' };
  },
  load: async () => async (_, runtime, text) => {
    runtime.out.write(`kubectl-trace v${text}\n`);
    return ExitCode.ok;
  },
});
