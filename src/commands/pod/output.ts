import type { DrawFlags, OutputFormat } from '../../cli/options/output.ts';
import { TraceCommandError, type ExitCode } from '../../errors.ts';
import { terminalText } from '../../render/escape.ts';
import { chooseLook } from '../../render/look.ts';
import { POD_OUTPUTS, type OpenPodRenderer } from '../../render/pod/outputs.ts';
import type { PodReport } from '../../report/pod-report.ts';
import type { Runtime } from '../../runtime.ts';
import { newTraceID } from '../../trace/ids.ts';
import { errorReport, printError } from '../../tracing/errors.ts';
import { rememberDocument } from '../../tracing/history.ts';
import { DRAWN, refusePageOnTerminal } from '../../tracing/output.ts';

export type PodOutput = (report: PodReport) => Promise<string>;

// A format that the command line knows and that has no renderer does not compile.
const RENDERERS: Readonly<Record<OutputFormat, OpenPodRenderer>> = POD_OUTPUTS;

/** Throws UsageError for a template that cannot be understood and for a page on a terminal, before anything is sent. */
export function openPodOutput(draw: DrawFlags, runtime: Runtime): PodOutput {
  refusePageOnTerminal(draw, runtime);
  const render = RENDERERS[draw.output](draw.outputArgument ?? '');
  const isData = !DRAWN.has(draw.output);
  return async (report) => {
    // As wide as the terminal is by then.
    const text = await render(report, chooseLook(draw, runtime));
    return isData ? terminalText(text, runtime.outTerminal) : text;
  };
}

/** Stores the pods' life for `show last`, without the bodies of requests. False when it could not be stored. */
export async function rememberPods(report: PodReport, runtime: Runtime): Promise<boolean> {
  // Only a request sent by this command has a trace ID.
  const traceID = report.command.traceID ?? newTraceID(runtime.random);
  const document = (await import('../../report/pod-json.ts')).podJSON(report);
  return rememberDocument(document, { ...report.command, traceID }, runtime);
}

/** The report with pseudonyms in place of names, where --redact requests it. The history keeps the names. */
export async function shownPods(report: PodReport, { redact }: DrawFlags, runtime: Runtime): Promise<PodReport> {
  if (!redact) return report;
  const [{ openDigest }, { redactPods }] = await Promise.all([
    import('../../tracing/redaction.ts'),
    import('../../report/redact/pods.ts'),
  ]);
  return redactPods(report, await openDigest(runtime));
}

/** The picture on standard output, and in one line on standard error why the exit code is not 0. */
export async function publishPods(report: PodReport, output: PodOutput, runtime: Runtime): Promise<ExitCode> {
  let failure: TraceCommandError | undefined;
  try {
    runtime.out.write(await output(report));
  } catch (error) {
    if (!(error instanceof TraceCommandError)) throw error;
    failure = error;
  }
  if (report.error !== null) printError(report.error, runtime);
  if (failure === undefined) return report.exitCode as ExitCode;
  printError(errorReport(failure), runtime);
  return failure.exitCode;
}
