import { diagnose, type Diagnosis } from '../../../src/doctor/diagnose.ts';
import type { Observed } from '../../../src/doctor/observed.ts';
import type { DoctorInvocation } from '../../../src/commands/doctor/arguments.ts';
import { observe } from '../../../src/commands/doctor/observe.ts';
import { startProgress } from '../../../src/commands/doctor/progress.ts';
import { readTracingFile } from '../../../src/commands/doctor/reads/tracing-file.ts';
import { runtime as openRuntime } from '../../../src/process/runtime.ts';
import { openTracedCluster } from '../../../src/tracing/open-cluster.ts';
import type { Runtime } from '../../../src/runtime.ts';
import { parse } from '../../support/parse.ts';

const DEADLINE_MILLIS = 18_000;

/** It takes the signals of this process. */
const world = openRuntime();

/** Aborts on the first of them. */
export const { interrupted } = world;

/** Does what `kubectl trace doctor` does with these arguments, and keeps what it observed. */
export async function observeWith(
  args: readonly string[],
  { kubeconfig, home }: { readonly kubeconfig: string; readonly home: string },
): Promise<{ readonly observed: Observed; readonly diagnosis: Diagnosis }> {
  const env = { KUBECONFIG: kubeconfig, HOME: home, PATH: process.env['PATH'] };
  const runtime: Runtime = { ...world, env, home, err: { write: () => undefined } };
  const invocation = parse(args, env) as DoctorInvocation;
  const { connection, lookup } = invocation;
  const cluster = await openTracedCluster({ connection, tracerUser: lookup.tracerUser }, runtime, 'rehearsal');
  try {
    const file = await readTracingFile(invocation.file);
    const observing = { cluster, runtime, progress: startProgress(runtime), file };
    const observed = await observe(invocation, observing, AbortSignal.timeout(DEADLINE_MILLIS));
    return { observed, diagnosis: diagnose(observed) };
  } finally {
    cluster.close();
  }
}
