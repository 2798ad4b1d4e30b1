import type { Platform } from './platform.ts';
import type { RandomBytes } from './trace/ids.ts';
import type { EpochNanos } from './trace/time.ts';

/** Wall time for instants, a monotonic timer for waiting; both injected, so that tests own the time. */
export interface Clock {
  /** Now, in nanoseconds since the epoch; never runs backwards within a process. */
  now(): EpochNanos;
  /** Resolves after `millis`; rejects with the signal's reason when it aborts first. */
  sleep(millis: number, signal?: AbortSignal): Promise<void>;
  /**
   * Nanoseconds that this process has waited for events until now. Between two instants it was at work, or waited for a
   * CPU, in the rest of the time. Absent where that is not measured.
   */
  waited?(): number;
}

/** A text stream. `write` never throws: a closed pipe ends the output, not the program. */
export interface TextSink {
  write(text: string): void;
}

/** The terminal, file or pipe that standard output or standard error is connected to. */
export interface Terminal {
  readonly isTTY: boolean;
  /** Columns of the terminal; undefined without one. */
  readonly columns: number | undefined;
  /** Lines of the terminal; undefined without one. */
  readonly rows?: number | undefined;
  /** It shows escape sequences as characters: nothing on it is drawn again, and it has no colors. */
  readonly isDumb?: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Signals that a terminal or a supervisor sends to a process. */
export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGQUIT' | 'SIGWINCH' | 'SIGBREAK';

/** The Node.js that runs this program. */
export interface NodeJSInUse {
  /** `v24.22.3` */
  readonly version: string;
  readonly arch: NodeJS.Architecture;
  /** It is part of one executable with this program. */
  readonly isExecutable: boolean;
}

/** Everything of the world that a command may use. Made once in main.ts; a test makes its own in a line. */
export interface Runtime {
  /** Standard input, from its first byte; nothing is read before the first use. */
  readonly input: () => AsyncIterable<Uint8Array>;
  readonly out: TextSink;
  readonly err: TextSink;
  readonly outTerminal: Terminal;
  readonly errTerminal: Terminal;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly fetch: typeof globalThis.fetch;
  readonly env: Environment;
  readonly platform: Platform;
  readonly nodejs: NodeJSInUse;
  /** The path or the name that this program was started as; undefined where that is not known. */
  readonly startedAs?: string | undefined;
  /** The file that starts this program: the executable, or the launcher. Undefined where it is not known. */
  readonly ownFile?: string | undefined;
  /** Process ID of this process. */
  readonly pid: number;
  /** Whether a process with this ID runs. */
  readonly isAlive: (pid: number) => boolean;
  /** The user that this process acts as; undefined on Windows, where files have no such owners. */
  readonly uid?: number | undefined;
  /** The folder that others may write to, for which the code that V8 compiled is not stored; undefined where it is stored. */
  readonly exposedFolder?: () => string | undefined;
  readonly cwd: string;
  readonly home: string;
  /** The exit code will be that of another program: our output that cannot be written does not change it. */
  readonly keepExitCode: () => void;
  /** Aborts on SIGINT, SIGTERM and the like: the command stops waiting and prints what it has. */
  readonly interrupted: AbortSignal;
  /** From now on signals go to `take` and interrupt nothing, until what is returned is called. */
  readonly takeSignals: (take: (signal: Signal) => void) => () => void;
}
