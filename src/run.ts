import type { ParsedCommand } from './commands/command.ts';
import { completionData as dataOf, type CompletionData } from './commands/complete/data.ts';
import { COMMANDS } from './commands/index.ts';
import { parse, type AnyInvocation } from './commands/parse.ts';
import { wantedOutput } from './commands/wanted-output.ts';
import { programNameOf, useProgramName } from './format/program-name.ts';
import { TraceCommandError } from './errors.ts';
import type { Runtime } from './runtime.ts';
import { failWithoutRequest } from './tracing/errors.ts';

/**
 * Runs one command, from its arguments to its exit code: an ExitCode, or that of the command that it ran. Rejects only
 * because of a bug in this program.
 */
export async function run(argv: readonly string[], runtime: Runtime, version: string): Promise<number> {
  useProgramName(programNameOf(runtime.startedAs));
  let command: ParsedCommand<AnyInvocation> | undefined;
  try {
    command = parse(argv, runtime.env);
    return await command.run(runtime, version);
  } catch (error) {
    if (!(error instanceof TraceCommandError)) throw error;
    const { invocation, errorDocument: document } = command ?? {};
    const args = invocation !== undefined && 'args' in invocation ? invocation.args : [];
    // Standard output is kubectl's.
    const output = invocation?.kind === 'kubectl' ? undefined : wantedOutput(argv, runtime.env);
    return failWithoutRequest(
      error,
      {
        output,
        args,
        verb: invocation === undefined ? null : 'verb' in invocation ? invocation.verb : invocation.kind,
        version,
        document,
      },
      runtime,
    );
  }
}

/** For completion under a name of the program for which the build has stored none. */
export function completionData(startedAs: string | undefined): CompletionData {
  useProgramName(programNameOf(startedAs));
  return dataOf(COMMANDS);
}
