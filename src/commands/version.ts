import { BASIC_FLAGS } from '../cli/arguments.ts';
import { ExitCode, UsageError } from '../errors.ts';
import { defineCommand } from './command.ts';
import { programName } from '../format/program-name.ts';

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

const instead = (): string =>
  `version is that of kubectl trace; that of kubectl: ${programName()} run -- kubectl version`;

/** Throws a UsageError for flags of `kubectl version`, which prints the versions of kubectl and of the server. */
export function refuseFlagsOfKubectl(args: readonly string[]): void {
  for (const argument of args) {
    const flag = /^(?:--(?:client|output|short)(?==|$)|-o)/.exec(argument)?.[0];
    if (flag === undefined) continue;
    const format = flag === '-o' || flag === '--output' ? ' json' : '';
    throw new UsageError('UnknownFlag', flag === '-o' ? `unknown shorthand flag: 'o' in -o` : `unknown flag: ${flag}`, {
      hint: `${instead()} ${flag}${format}`,
    });
  }
}
