import { withDeadline } from '../../deadline.ts';
import { diagnose, type Diagnosis } from '../../doctor/diagnose.ts';
import type { Observed } from '../../doctor/observed.ts';
import { ExitCode } from '../../errors.ts';
import { openDocument } from '../../render/data/document.ts';
import { terminalText } from '../../render/escape.ts';
import { chooseLook } from '../../render/look.ts';
import { drawWith } from '../../render/terminal/measured-screen.ts';
import type { Runtime } from '../../runtime.ts';
import type { DoctorInvocation } from './arguments.ts';
import { diagnosisDocument, type Diagnosed } from './document.ts';
import { drawDiagnosis } from './draw.ts';
import { observe, type Observing } from './observe.ts';
import { openForDoctor } from './open.ts';
import { startProgress } from './progress.ts';
import { readTracingFile } from './reads/tracing-file.ts';

/** Everything is read within this time; the rest of the 20 s that are promised is for starting and drawing. */
const DEADLINE_MILLIS = 18_000;

/** `kubectl trace doctor`: checks the way of a trace, and sends one request to be found. */
export async function runDoctor(invocation: DoctorInvocation, runtime: Runtime, version: string): Promise<ExitCode> {
  const print = await openPrinter(invocation, runtime);
  const file = await readTracingFile(invocation.file);
  const progress = startProgress(runtime);
  try {
    const observed = await observeCluster(invocation, { runtime, progress, file }, version);
    progress.end();
    if (runtime.interrupted.aborted) return ExitCode.interrupted;
    const diagnosis = diagnose(observed);
    const exitCode = exitCodeOf(diagnosis);
    runtime.out.write(await print({ toolVersion: version, exitCode, observed, diagnosis }));
    return exitCode;
  } finally {
    progress.end();
  }
}

/** Opens the cluster, for which a credential plugin may want a login, and then reads everything within the time. */
async function observeCluster(
  invocation: DoctorInvocation,
  observing: Omit<Observing, 'cluster'>,
  version: string,
): Promise<Observed> {
  const { runtime } = observing;
  const { cluster, obstacle } = await openForDoctor(invocation, runtime, version);
  try {
    const observed = await withDeadline(runtime.clock, DEADLINE_MILLIS, runtime.interrupted, (signal) =>
      observe(invocation, { ...observing, cluster }, signal),
    );
    if (obstacle !== undefined && observed.reach.status === 'reached') throw obstacle;
    return observed;
  } finally {
    cluster.close();
  }
}

/** A check that failed decides; warnings do not. */
export function exitCodeOf({ checks }: Diagnosis): ExitCode {
  const failed = checks.filter(({ state }) => state === 'failed').map(({ id }) => id);
  if (failed.length === 0) return ExitCode.ok;
  return failed.includes('reach') ? ExitCode.requestFailed : ExitCode.traceNotFound;
}

/** Throws UsageError for a template that cannot be understood. */
async function openPrinter(
  { draw, connection }: DoctorInvocation,
  runtime: Runtime,
): Promise<(diagnosed: Diagnosed) => Promise<string>> {
  const write = await openDocument(draw.output, draw.outputArgument);
  if (write !== undefined)
    return async (diagnosed) => terminalText(write(diagnosisDocument(diagnosed)), runtime.outTerminal);
  const isWide = draw.output === 'wide' || (connection.verbosity ?? 0) > 0;
  return ({ diagnosis }) => {
    const look = chooseLook(draw, runtime);
    return drawWith((measure) => drawDiagnosis(diagnosis, isWide, look, measure));
  };
}
