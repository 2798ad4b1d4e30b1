import { UsageError } from '../../errors.ts';
import { redactCommand } from '../../format/redact-command.ts';
import type { CommonArguments } from '../../cli/arguments.ts';
import type { Word } from '../../cli/split.ts';
import type { FlagValues } from '../../cli/values.ts';

/** A command whose requests go through the proxy. */
export interface RelayedInvocation extends CommonArguments {
  /** The program and its arguments, as they are to be run: they may hold credentials, and are not to be shown. */
  readonly command: readonly string[];
  /** The same without credentials. */
  readonly ran: readonly string[];
}

export interface RunInvocation extends RelayedInvocation {
  readonly kind: 'run';
  /** Undefined: standard error. */
  readonly traceOutput?: string;
}

/** `run -- COMMAND ARGUMENTS`. Everything behind the two dashes is the command's, before them everything is ours. */
export function parseRun(
  words: readonly Word[],
  values: FlagValues,
): Pick<RunInvocation, 'command' | 'ran' | 'traceOutput'> {
  const [, ...positionals] = words.filter((word) => word.kind === 'positional');
  const command = positionals.filter(({ isLiteral }) => isLiteral).map(({ text }) => text);
  const [stray] = positionals.filter(({ isLiteral }) => !isLiteral);
  if (stray !== undefined) {
    throw new UsageError('InvalidArguments', `unexpected argument "${stray.text}" before the command`, {
      hint: `put two dashes before it: kubectl trace run -- ${stray.text} …`,
    });
  }
  const [program] = command;
  if (program === undefined || program === '') {
    throw new UsageError('InvalidArguments', 'You must specify the command to run', {
      hint: 'for example: kubectl trace run -- kubectl get pods',
    });
  }
  refuseNUL(command);
  const traceOutput = traceOutputOf(values);
  return { command, ran: redactCommand(command), ...(traceOutput !== undefined && { traceOutput }) };
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
