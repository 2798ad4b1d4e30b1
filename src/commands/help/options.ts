import { BASIC_FLAGS } from '../../cli/arguments.ts';
import { ExitCode, UsageError } from '../../errors.ts';
import { defineCommand } from '../command.ts';

/** `kubectl trace options`, as `kubectl options`. */
export const options = defineCommand<{ readonly kind: 'options' }>({
  summary: 'Print the list of flags inherited by all commands',
  usage: ['options'],
  examples: [],
  flags: BASIC_FLAGS,
  parse: ({ positionals: [first] }) => {
    if (first !== undefined) throw new UsageError('TooManyArguments', `unexpected argument "${first}"`);
    return { kind: 'options' };
  },
  load: async () => {
    const { optionsText } = await import('./text.ts');
    return async (_, runtime) => {
      runtime.out.write(optionsText());
      return ExitCode.ok;
    };
  },
});
