import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { ExitCode, UsageError } from '../../errors.ts';
import { systemErrorText } from '../../format/system-error.ts';
import { lookPath } from '../../kube/connect/look-path.ts';
import { isWindows, type Platform } from '../../platform.ts';
import { programCall, type ProgramCall } from '../../program-call.ts';
import type { Environment, Runtime, Signal } from '../../runtime.ts';

/** How a command is started. */
export interface ChildOptions {
  readonly env: Environment;
  /** Gets the process's ID, and undefined when it has ended. */
  readonly onPID?: (pid: number | undefined) => void;
  /** Takes standard output; without it that is this process's own. */
  readonly onOutput?: ((chunk: Buffer) => void) | undefined;
}

/** A command that runs. */
export interface StartedChild {
  /**
   * From now on signals are for the command. `onKey`: the user has pressed Ctrl-C or Ctrl-\\, and the terminal has written
   * it on the screen. Resolves with its exit code, or 128 and the number of the signal that ended
   * it, as shells count. Rejects with a UsageError when there is no such program.
   */
  ended(onKey?: () => void): Promise<number>;
  /** Ends it at once. Resolves with its exit code if it has ended on its own; undefined otherwise. */
  kill(): Promise<number | undefined>;
}

/**
 * Runs a command with this process's own standard input, output and error. A signal that came before keeps it from being
 * started. Resolves with its exit code, and rejects, as `ended` does.
 */
export async function runChild(
  command: readonly string[],
  runtime: Runtime,
  { onKey, ...options }: ChildOptions & { readonly onKey?: () => void },
): Promise<number> {
  if (runtime.interrupted.aborted) return ExitCode.interrupted;
  return startChild(command, runtime, options).ended(onKey);
}

/** Throws a UsageError for a program that the system refuses at once; for others `ended` rejects with it. */
export function startChild(
  command: readonly string[],
  runtime: Runtime,
  { env, onPID = () => {}, onOutput }: ChildOptions,
): StartedChild {
  const [program = '', ...args] = command;
  const stdio = ['inherit', onOutput === undefined ? 'inherit' : 'pipe', 'inherit'] as const;
  const { file, args: words, ...how } = callOf(program, args, runtime);
  const child = started(program, () =>
    spawn(file, words, { stdio: [...stdio], env: { ...env }, cwd: runtime.cwd, ...how }),
  );
  if (onOutput !== undefined) child.stdout?.on('data', onOutput);
  onPID(child.pid);
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(cannotRun(program, error)));
    // All of a pipe must be read; others may hold this process's own standard output open for longer.
    child.once(onOutput === undefined ? 'exit' : 'close', (code: number | null, signal: NodeJS.Signals | null) => {
      onPID(undefined);
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']);
    });
  });
  // It may fail before it is waited for.
  exit.catch(() => onPID(undefined));
  return {
    ended: async (onKey) => {
      const giveBack = runtime.takeSignals((signal) => {
        if (isSentByTerminal(signal, runtime.platform)) onKey?.();
        else child.kill(signal);
      });
      try {
        return await exit;
      } finally {
        giveBack();
      }
    },
    kill: async () => {
      child.kill('SIGKILL');
      const code = await exit.catch(() => undefined);
      return child.signalCode === 'SIGKILL' ? undefined : code;
    },
  };
}

/** Node.js throws most errors of the system at once, and emits those that mean that there is no such program. */
function started(program: string, start: () => ChildProcess): ChildProcess {
  try {
    return start();
  } catch (error) {
    throw cannotRun(program, error as NodeJS.ErrnoException);
  }
}

/**
 * Elsewhere the system finds the program. Windows would look in the current directory first, and start no batch file:
 * there it is found as Go does it.
 */
function callOf(program: string, args: readonly string[], { env, platform }: Runtime): ProgramCall {
  if (!isWindows(platform)) return { file: program, args };
  const found = lookPath(program, { env, platform });
  if (!('path' in found)) throw notStarted(program, found.why);
  const call = programCall(found.path, args, env, platform);
  if (call === undefined) throw notStarted(program, 'a batch file takes no quote, % or line break in an argument');
  return call;
}

/**
 * The terminal sends this signal to the command too, and a second one may mean "at once". On Windows those of a console
 * reach all of its processes, and passing one on would end the command at once (TerminateProcess).
 */
export function isSentByTerminal(signal: Signal, platform: Platform): boolean {
  if (isWindows(platform)) return signal !== 'SIGTERM';
  return (signal === 'SIGINT' || signal === 'SIGQUIT') && [0, 1, 2].some((file) => isatty(file));
}

/** In the words of Go's os/exec. */
function cannotRun(program: string, { code, message }: NodeJS.ErrnoException): UsageError {
  const isAbsent = code === 'ENOENT' && !program.includes('/');
  return notStarted(
    program,
    isAbsent ? 'executable file not found in $PATH' : systemErrorText({ code, message: code ?? message }),
  );
}

const notStarted = (program: string, why: string): UsageError =>
  new UsageError('CannotRun', `exec: ${JSON.stringify(program)}: ${why}`, {
    hint: 'the command after -- runs without a shell; nothing was sent',
  });
