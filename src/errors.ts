/** The exit codes of a command, as promised in docs/exit-codes.md. */
export const ExitCode = {
  ok: 0,
  requestFailed: 1,
  usage: 2,
  traceNotFound: 3,
  incomplete: 4,
  backendFailed: 5,
  stuck: 6,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/**
 * An end of the command that its user can do something about.
 * `message` is one sentence in kubectl's voice, without the "error: " before it; `hint` says what to do next.
 * Neither may hold a credential.
 */
export class TraceCommandError extends Error {
  readonly exitCode: ExitCode;
  /** A CamelCase word for scripts, as in `error.reason` of the JSON output. */
  readonly reason: string;
  readonly hint: string | undefined;

  constructor(exitCode: ExitCode, reason: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TraceCommandError';
    this.exitCode = exitCode;
    this.reason = reason;
    this.hint = options.hint;
  }
}

/** Bad flags, bad configuration, malformed input: nothing was sent. */
export class UsageError extends TraceCommandError {
  constructor(reason: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(ExitCode.usage, reason, message, options);
    this.name = 'UsageError';
  }
}
