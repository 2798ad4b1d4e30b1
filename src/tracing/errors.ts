import { ExitCode, TraceCommandError } from '../errors.ts';
import { programName } from '../format/program-name.ts';
import { kubectlLine } from '../kube/api/request-failure.ts';
import type { Runtime } from '../runtime.ts';
import { escapeText, terminalText } from '../render/escape.ts';
import type { JSONObject } from '../report/json-value.ts';
import type { ErrorReport, Report } from '../report/report.ts';

/** The error on standard error: what happened and why, then what to do next. */
export function printError(error: ErrorReport, runtime: Runtime): void {
  const lines = [
    kubectlLine(error.message),
    ...(error.details ?? []),
    ...(error.hint === null ? [] : [`hint: ${error.hint}`]),
    ...(hasCheck(error) ? [`hint: ${programName()} doctor looks for the cause`] : []),
  ];
  runtime.err.write(`${lines.map((line) => line.split('\n').map(escapeText).join('\n')).join('\n')}\n`);
}

/** Codes of which `doctor` checks every cause. */
const CHECKED_CODES: ReadonlySet<number> = new Set([
  ExitCode.traceNotFound,
  ExitCode.incomplete,
  ExitCode.backendFailed,
]);

/** Reasons of a request without a usable response, of which it checks the connection and the user. */
const CHECKED_REASONS: ReadonlySet<string> = new Set([
  'APIServerUnavailable',
  'CertificateExpired',
  'CertificateNameMismatch',
  'ConnectTimeout',
  'ConnectionClosed',
  'ConnectionFailed',
  'ConnectionRefused',
  'HostUnreachable',
  'NotTLS',
  'ProxyRefused',
  'ProxyUnreachable',
  'RequestTimeout',
  'TLSAlert',
  'Unauthorized',
  'UnknownAuthority',
  'UnknownHost',
]);

const hasCheck = ({ code, reason }: ErrorReport): boolean =>
  CHECKED_CODES.has(code) || (code === ExitCode.requestFailed && CHECKED_REASONS.has(reason));

/** Lines for standard error, from files of the user. */
export const warnOn =
  ({ err }: Pick<Runtime, 'err'>) =>
  (line: string): void =>
    err.write(`${escapeText(line)}\n`);

/** The server's warnings to its users, in kubectl's form. */
export function printWarnings(answers: readonly { readonly warnings: readonly string[] }[], runtime: Runtime): void {
  // Each once, as kubectl: the objects of one deprecated type all have the same.
  const all = new Set(answers.flatMap(({ warnings }) => warnings));
  for (const warning of all) runtime.err.write(`Warning: ${escapeText(warning)}\n`);
}

export function errorReport(error: TraceCommandError): ErrorReport {
  return { code: error.exitCode, reason: error.reason, message: error.message, hint: error.hint ?? null };
}

/**
 * Ends a command that could not send anything: the error on standard error and, with JSON output, also a document on
 * standard output, so that a script always reads one.
 */
export async function failWithoutRequest(
  error: TraceCommandError,
  context: {
    /** As it was typed, even if it is invalid. */
    readonly output: string | undefined;
    readonly args: readonly string[];
    readonly verb: string | null;
    readonly version: string;
    /** Makes the document of a command whose documents are of another kind. */
    readonly document?: ((report: Report) => Promise<JSONObject>) | undefined;
    /** Where it is known by then. */
    readonly cluster?: Report['cluster'];
  },
  runtime: Runtime,
): Promise<ExitCode> {
  const { cluster = { context: null, server: null, version: null } } = context;
  const report: Report = {
    toolVersion: context.version,
    exitCode: error.exitCode,
    cluster,
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
  runtime.out.write(terminalText(await documentOf(report, context.document, context.output), runtime.outTerminal));
  printError(errorReport(error), runtime);
  return error.exitCode;
}

/** Only in formats that are made for scripts: of a command that failed there is nothing to draw. */
async function documentOf(
  report: Report,
  document: ((report: Report) => Promise<JSONObject>) | undefined,
  output = '',
): Promise<string> {
  const { OUTPUTS } = await import('../render/outputs.ts');
  const [format = '', ...template] = output.split('=');
  if (format !== 'json' && format !== 'yaml' && format !== 'jsonpath') return '';
  const printed = document === undefined ? report : { ...report, document: await document(report) };
  try {
    return await OUTPUTS[format](template.join('='))(printed);
  } catch (error) {
    // An invalid template may be the reason why the command failed.
    if (error instanceof TraceCommandError) return '';
    throw error;
  }
}
