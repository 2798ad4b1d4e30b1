import { TraceCommandError } from '../errors.ts';
import type { Report } from '../report/report.ts';
import type { Runtime } from '../runtime.ts';
import { errorReport, printError, printWarnings } from './errors.ts';
import { remember } from './history.ts';
import type { Output } from './output.ts';
import { programName } from '../format/program-name.ts';

/** Options for publishing a report. */
export interface Publication {
  readonly output: Output;
  /** Keep it for `show last`. */
  readonly history: boolean;
  /**
   * Print pseudonyms in place of names. The stored document has the names, so that the trace can be looked for again.
   */
  readonly redact: boolean;
  /** It is of an earlier command: the server's warnings have been printed. */
  readonly isEarlier?: boolean;
}

/**
 * The result on standard output; then why it is not all that it could be, and what to do about it, on standard error.
 * Resolves with the exit code.
 */
export async function publish(
  report: Report,
  { output, history, redact, isEarlier = false }: Publication,
  runtime: Runtime,
): Promise<number> {
  const printed = redact ? await redacted(report, runtime) : report;
  if (redact && !isEarlier) printWarnings(printed.requests, runtime);
  const failure = await print(printed, output, runtime);
  const isStored = history && (await remember(report, runtime));
  if (printed.error !== null && printed.error.isPrinted !== true) printError(printed.error, runtime);
  if (isStored && canBeFoundLater(report)) runtime.err.write(`hint: ${programName()} show last looks it up again\n`);
  if (failure === undefined) return report.exitCode;
  printError(errorReport(failure), runtime);
  return failure.exitCode;
}

/** The same report with pseudonyms, those of this user. */
export async function redacted(report: Report, runtime: Runtime): Promise<Report> {
  const [{ openDigest }, { redactReport }] = await Promise.all([
    import('./redaction.ts'),
    import('../report/redact/report.ts'),
  ]);
  return redactReport(report, await openDigest(runtime));
}

/** The terminal has written `^C` where the result begins. Everything that this program writes ends with a line. */
function eraseEcho({ interrupted, out, outTerminal }: Runtime): void {
  if (interrupted.aborted && outTerminal.isTTY && outTerminal.isDumb !== true) out.write('\r\u001b[K');
}

/** Some templates fail only when they meet a document: that must not cost what was found. */
async function print(report: Report, output: Output, runtime: Runtime): Promise<TraceCommandError | undefined> {
  try {
    const text = await output(report);
    eraseEcho(runtime);
    runtime.out.write(text);
    return undefined;
  } catch (error) {
    if (error instanceof TraceCommandError) return error;
    throw error;
  }
}

/** The requests were sent, and not all of their traces are known. */
function canBeFoundLater({ verdict, requests, error }: Report): boolean {
  if (error?.reason === 'TraceNotSampled') return false;
  const withResponse = requests.some(({ purpose, status }) => purpose === 'request' && status !== null);
  return withResponse && (verdict === 'missing' || verdict === 'partial' || (verdict === null && error !== null));
}
