import type { TerminatedState } from '../containers.ts';

/** Exit codes above this are 128 and the signal that ended the process. */
const SIGNALLED = 128;
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/** `exit code 137 (SIGKILL)` */
export function exitWords({ exitCode, signal }: Pick<TerminatedState, 'exitCode' | 'signal'>): string {
  const number = signal ?? (exitCode > SIGNALLED ? exitCode - SIGNALLED : undefined);
  const name = number === undefined ? undefined : (SIGNALS[number] ?? `signal ${number}`);
  return `exit code ${exitCode}${name === undefined ? '' : ` (${name})`}`;
}
