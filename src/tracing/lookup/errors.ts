import type { AwaitedTraces, Problem } from '../../backend/find/lookup.ts';
import type { LookupFlags } from '../../cli/options/lookup.ts';
import { ExitCode } from '../../errors.ts';
import type { ErrorReport } from '../../report/report.ts';
import { nanos } from '../../trace/time.ts';
import type { RequestLookup, LookupContext, TraceJudgement, Wanted } from './task.ts';
import { noTraceError } from './no-trace.ts';
import { programName } from '../../format/program-name.ts';

export const NO_BACKEND: ErrorReport = {
  code: ExitCode.backendFailed,
  reason: 'NoBackend',
  message: 'the request succeeded, but no trace backend is configured',
  get hint() {
    return `give --backend jaeger=http://HOST:16686 or set KUBECTL_TRACE_BACKEND; ${programName()} serve provides one; --wait 0 skips the lookup`;
  },
};

/** An error of the look-up must not look like a failed request. */
export const ofRequest = (error: ErrorReport): ErrorReport => ({
  ...error,
  message: `the request succeeded, but ${error.message}`,
});

type Awaited = AwaitedTraces<TraceJudgement, Wanted>;

/** Error that prevented a trace from being found, or from being as complete as requested; null without one. */
export function lookupError(
  awaited: Awaited,
  requests: readonly RequestLookup[],
  context: LookupContext,
): ErrorReport | null {
  return backendError(awaited) ?? missingError(awaited, context) ?? incompleteError(requests, context.task.flags);
}

/** The backend never worked, or ended the look-up of a request that was waited for. */
function backendError(awaited: Awaited): ErrorReport | null {
  const failed = awaited.lookups.find(
    ({ request, problem, found, end }) =>
      request.awaited &&
      problem !== null &&
      found === null &&
      end !== 'interrupted' &&
      (!awaited.backendWorked || end === 'failed'),
  );
  const problem = failed?.problem;
  if (problem === null || problem === undefined) return null;
  return ofRequest(backendFailure(problem));
}

function missingError(
  { lookups }: Awaited,
  { task, backend, server, evidence, isUntraced }: LookupContext,
): ErrorReport | null {
  const missing = lookups.find(({ request, found, end }) => request.awaited && found === null && end !== 'interrupted');
  if (missing === undefined) return null;
  return noTraceError({
    traceID: task.traceID,
    server: server ?? { gitVersion: null, minor: null, identity: null },
    prediction: missing.end !== 'given-up' ? 'unknown' : isUntraced ? 'untraced' : 're-rooted-unsampled',
    evidence,
    backend,
    waited: nanos(missing.waitedNanos),
    command: task.command,
  });
}

/** Null without --require-complete. */
export function incompleteError(
  requests: readonly RequestLookup[],
  { requireComplete }: Pick<LookupFlags, 'requireComplete'>,
): ErrorReport | null {
  if (!requireComplete) return null;
  const incomplete = requests.find(({ awaited, report }) => awaited && report.verdict !== 'complete');
  if (incomplete === undefined) return null;
  const [reason] = incomplete.report.reasons;
  return {
    code: ExitCode.incomplete,
    reason: 'TraceIncomplete',
    message: `the trace is ${incomplete.report.verdict}, and --require-complete was given${reason === undefined ? '' : `: ${reason.message}`}`,
    hint: 'a longer --wait helps if spans arrive late',
  };
}

/** A backend that gave no usable response, as the command's error: its own words, and what to do next. */
export function backendFailure(problem: Problem): ErrorReport {
  const { status, message, hint = 'is the address of --backend right?' } = problem;
  return {
    code: ExitCode.backendFailed,
    reason: status === 'failed' ? problem.reason : 'BackendUnavailable',
    message,
    hint,
  };
}
