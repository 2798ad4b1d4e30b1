import { UsageError } from '../../errors.ts';
import { redactCommand } from '../../format/redact-command.ts';
import { commonArguments, type CommandLine, type CommonArguments } from '../../cli/arguments.ts';
import type { Flag } from '../../cli/flag.ts';
import { plainConnection } from '../../cli/kubectl-connection.ts';
import type { Word } from '../../cli/split.ts';
import type { FlagValues } from '../../cli/values.ts';
import { kubectlIn } from './kubectl-call.ts';
import { programName } from '../../format/program-name.ts';

/** Flags of a command that another program runs. */
export const RUN_FLAGS: readonly Flag[] = [
  {
    name: 'trace-output',
    type: 'string',
    group: 'run',
    placeholder: 'FILE',
    help: 'Write the trace to this file instead of standard error',
  },
];

/** A command whose requests go through the proxy. */
export interface RelayedInvocation extends CommonArguments {
  /** The program and its arguments, as they are to be run: they may hold credentials, and are not to be shown. */
  readonly command: readonly string[];
  /** The same without credentials. */
  readonly ran: readonly string[];
}

export interface RunInvocation extends RelayedInvocation {
  readonly kind: 'run';
  /** The command as it runs without the proxy: kubectl then gets all flags of the connection. */
  readonly plainCommand: readonly string[];
  readonly isKubectl: boolean;
  /** kubectl sends nothing, and reads or changes the user's own files. */
  readonly isLocal: boolean;
  /** kubectl reads objects from standard input. */
  readonly readsInput: boolean;
  /** Undefined: standard error. */
  readonly traceOutput?: string;
}

/**
 * `run -- COMMAND ARGUMENTS`. Everything behind the two dashes is the command's, before them everything is ours. Where
 * the command is kubectl, its own flags of the connection say where the proxy leads, and win.
 */
export function parseRun(line: CommandLine): Omit<RunInvocation, 'kind'> {
  const given = commandOf(line.words);
  const kubectl = kubectlIn(given);
  const values = line.values.with(kubectl?.connection ?? []);
  const traceOutput = traceOutputOf(values);
  return {
    ...commonArguments({ ...line, values }),
    plainCommand: kubectl === undefined ? given : withConnection(given, line.words),
    command: kubectl?.command ?? given,
    isKubectl: kubectl !== undefined,
    isLocal: kubectl?.isLocal === true,
    readsInput: kubectl?.readsInput === true,
    ran: redactCommand(given),
    ...(traceOutput !== undefined && { traceOutput }),
  };
}

/** kubectl takes the last value of a flag: its own. */
function withConnection([program = '', ...rest]: readonly string[], words: readonly Word[]): readonly string[] {
  const flags = words.filter((word) => word.kind === 'flag');
  return [program, ...plainConnection(flags), ...rest];
}

function commandOf(words: readonly Word[]): readonly string[] {
  const [, ...positionals] = words.filter((word) => word.kind === 'positional');
  const command = positionals.filter(({ isLiteral }) => isLiteral).map(({ text }) => text);
  const [stray] = positionals.filter(({ isLiteral }) => !isLiteral);
  if (stray !== undefined) {
    // Everything behind it may hold credentials.
    throw new UsageError('InvalidArguments', `unexpected argument "${stray.text}" before the command`, {
      hint: `put two dashes before it: ${programName()} run -- ${stray.text} …`,
    });
  }
  if (!command[0]) {
    throw new UsageError('InvalidArguments', 'you must specify the command to run, behind two dashes', {
      hint: `for example: ${programName()} run -- kubectl get pods`,
    });
  }
  refuseNUL(command);
  return command;
}

/** The file of --trace-output; undefined without one. Throws a UsageError. */
export function traceOutputOf(values: FlagValues): string | undefined {
  const file = values.string('trace-output');
  if (file === '') throw new UsageError('InvalidValue', '--trace-output needs the name of a file');
  return file;
}

/** No program can be given one. Throws a UsageError. */
export function refuseNUL(command: readonly string[]): void {
  if (command.some((word) => word.includes('\0'))) {
    throw new UsageError('InvalidArguments', 'an argument of the command has a NUL in it');
  }
}
