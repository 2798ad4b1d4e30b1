import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { ExitCode, UsageError } from '../../errors.ts';
import type { Environment, Runtime, Signal } from '../../runtime.ts';

/** How a command is started. */
export interface ChildOptions {
  readonly env: Environment;
  /** Gets the process's ID, and undefined when it has ended. */
  readonly onPID?: (pid: number | undefined) => void;
  /** Takes standard output; without it that is this process's own. */
  readonly onOutput?: ((chunk: Buffer) => void) | undefined;
  /** The user has pressed Ctrl-C or Ctrl-\\, and the terminal has written it on the screen. */
  readonly onKey?: () => void;
}

/**
 * Runs a command with this process's own standard input, output and error. Signals are for the command while it runs;
 * one that came before keeps it from being started. Resolves with its exit code, or 128 and the number of the signal that
 * ended it, as shells count. Rejects with a UsageError when there is no such program.
 */
export async function runChild(
  command: readonly string[],
  runtime: Runtime,
  { env, onPID = () => {}, onOutput, onKey }: ChildOptions,
): Promise<number> {
  if (runtime.interrupted.aborted) return ExitCode.interrupted;
  const [program = '', ...args] = command;
  const stdio = ['inherit', onOutput === undefined ? 'inherit' : 'pipe', 'inherit'] as const;
  const child = spawn(program, args, { stdio: [...stdio], env: { ...env }, cwd: runtime.cwd });
  if (onOutput !== undefined) child.stdout?.on('data', onOutput);
  onPID(child.pid);
  const giveBack = runtime.takeSignals((signal) => {
    if (isSentByTerminal(signal)) onKey?.();
    else child.kill(signal);
  });
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => reject(cannotRun(program, error)));
      // All of a pipe must be read; others may hold this process's own standard output open for longer.
      child.once(onOutput === undefined ? 'exit' : 'close', (code: number | null, signal: NodeJS.Signals | null) =>
        resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']),
      );
    });
  } finally {
    onPID(undefined);
    giveBack();
  }
}

/** The terminal sends this signal to the command too, and a second one may mean "at once". */
function isSentByTerminal(signal: Signal): boolean {
  return (signal === 'SIGINT' || signal === 'SIGQUIT') && [0, 1, 2].some((file) => isatty(file));
}

/** In the words of Go's os/exec. */
function cannotRun(program: string, { code, message }: NodeJS.ErrnoException): UsageError {
  const absent = code === 'ENOENT';
  const why = absent
    ? program.includes('/')
      ? 'no such file or directory'
      : 'executable file not found in $PATH'
    : code === 'EACCES'
      ? 'permission denied'
      : (code ?? message);
  return new UsageError('CannotRun', `exec: ${JSON.stringify(program)}: ${why}`, {
    hint: 'the command after -- runs without a shell; nothing was sent',
  });
}
