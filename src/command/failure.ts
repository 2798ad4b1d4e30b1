import type { ExitCode, TraceCommandError } from '../errors.ts';
import { kubectlLine } from '../kube/request-failure.ts';
import type { Runtime } from '../runtime.ts';
import { escapeText } from '../render/escape.ts';
import { writeJSON } from '../render/json.ts';
import type { ErrorReport, Report } from '../render/report.ts';

/** The error on standard error: what happened and why, then what to do next. */
export function printError(error: ErrorReport, runtime: Runtime): void {
  const lines = [
    kubectlLine(error.message),
    ...(error.details ?? []),
    ...(error.hint === null ? [] : [`hint: ${error.hint}`]),
  ];
  runtime.err.write(`${lines.map((line) => line.split('\n').map(escapeText).join('\n')).join('\n')}\n`);
}

export function errorReport(error: TraceCommandError): ErrorReport {
  return { code: error.exitCode, reason: error.reason, message: error.message, hint: error.hint ?? null };
}

/**
 * Ends a command that could not send anything: the error on standard error and, where JSON was asked for, a document on
 * standard output all the same, so that a script always reads one.
 */
export function failWithoutRequest(
  error: TraceCommandError,
  context: {
    readonly json: boolean;
    readonly args: readonly string[];
    readonly verb: string | null;
    readonly version: string;
  },
  runtime: Runtime,
): ExitCode {
  const report: Report = {
    toolVersion: context.version,
    exitCode: error.exitCode,
    cluster: { context: null, server: null, version: null },
    command: {
      verb: context.verb,
      args: context.args,
      traceID: null,
      spanID: null,
      startTime: null,
      durationNanos: null,
    },
    verdict: null,
    requests: [],
    backend: null,
    analysis: null,
    error: errorReport(error),
  };
  if (context.json) runtime.out.write(writeJSON(report));
  printError(errorReport(error), runtime);
  return error.exitCode;
}
