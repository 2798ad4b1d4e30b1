import { TraceCommandError, type ExitCode } from '../errors.ts';
import type { Report } from '../render/report.ts';
import type { Runtime } from '../runtime.ts';
import { errorReport, printError } from './failure.ts';
import { remember } from './history.ts';
import type { Output } from './output.ts';

/** How a report is told. */
export interface Publication {
  readonly output: Output;
  /** Keep it for `show last`. */
  readonly history: boolean;
}

/**
 * The result on standard output; then why it is not all that it could be, and what to do about it, on standard error.
 * Resolves with the exit code.
 */
export async function publish(report: Report, { output, history }: Publication, runtime: Runtime): Promise<ExitCode> {
  const failure = await print(report, output, runtime);
  const kept = history && (await remember(report, runtime));
  if (report.error !== null) printError(report.error, runtime);
  if (kept && canBeFoundLater(report)) runtime.err.write('hint: kubectl trace show last looks again\n');
  if (failure === undefined) return report.exitCode as ExitCode;
  printError(errorReport(failure), runtime);
  return failure.exitCode;
}

/** Some templates fail only when they meet a document: that must not cost what was found. */
async function print(report: Report, output: Output, runtime: Runtime): Promise<TraceCommandError | undefined> {
  try {
    runtime.out.write(await output(report));
    return undefined;
  } catch (error) {
    if (error instanceof TraceCommandError) return error;
    throw error;
  }
}

/** The requests were sent, and not all of their traces are known. */
function canBeFoundLater({ verdict, requests, error }: Report): boolean {
  if (error?.reason === 'TraceNotSampled') return false;
  const answered = requests.some(({ purpose, status }) => purpose === 'request' && status !== null);
  return answered && (verdict === 'missing' || verdict === 'partial' || (verdict === null && error !== null));
}
