import { tableOf } from '../../format/table-of.ts';
import type { TerminatedState } from '../containers.ts';

/** A shell reports the end by a signal as 128 and its number, 37 at most on Linux; other codes are the program's own. */
const SIGNALLED = 128;
const LAST_SIGNALLED = 165;
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  10: 'SIGUSR1',
  11: 'SIGSEGV',
  12: 'SIGUSR2',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
  31: 'SIGSYS',
};

/** Exit codes of Windows processes that crash (NTSTATUS, MS-ERREF 2.3.1). */
const NT_STATUS: Readonly<Record<string, string>> = tableOf({
  '0x80000003': 'breakpoint',
  '0xC0000005': 'access violation',
  '0xC0000017': 'no memory',
  '0xC000001D': 'illegal instruction',
  '0xC0000094': 'integer division by zero',
  '0xC00000FD': 'stack overflow',
  '0xC0000135': 'DLL not found',
  '0xC0000139': 'entry point not found',
  '0xC000013A': 'Ctrl+C',
  '0xC0000142': 'DLL initialization failed',
  '0xC0000374': 'heap corruption',
  '0xC0000409': 'stack buffer overrun or fast fail',
  '0xC06D007E': 'module not found',
  '0xE0434352': '.NET exception',
});

/** `exit code 137 (SIGKILL)`; on Windows `exit code -1073741819 (0xC0000005, access violation)`. */
export function exitWords(
  { exitCode, signal }: Pick<TerminatedState, 'exitCode' | 'signal'>,
  windows: boolean,
): string {
  const about = windows ? statusWords(exitCode) : signalWords(exitCode, signal);
  return `exit code ${exitCode}${about === undefined ? '' : ` (${about})`}`;
}

function signalWords(exitCode: number, signal: number | undefined): string | undefined {
  const coded = exitCode > SIGNALLED && exitCode <= LAST_SIGNALLED ? exitCode - SIGNALLED : undefined;
  // Docker and containerd leave `signal` 0 where there was none.
  const number = signal === undefined || signal === 0 ? coded : signal;
  return number === undefined ? undefined : (SIGNALS[number] ?? `signal ${number}`);
}

/** Only codes with the severity bits of an NTSTATUS; small ones are the program's own. */
function statusWords(exitCode: number): string | undefined {
  const unsigned = exitCode >>> 0;
  if (unsigned < 0x80000000) return undefined;
  const hex = `0x${unsigned.toString(16).toUpperCase()}`;
  const name = NT_STATUS[hex];
  return name === undefined ? hex : `${hex}, ${name}`;
}
