import type { Problem } from '../../backend/find/lookup.ts';
import { ExitCode } from '../../errors.ts';
import type { ErrorReport } from '../../report/report.ts';

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
