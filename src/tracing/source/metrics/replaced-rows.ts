import type { Reason, RequestReport } from '../../../report/report.ts';
import type { TraceInput } from '../../../trace/trace.ts';
import { REFUSED } from './bounded-rows.ts';

/**
 * The rows that a request must have left in the metrics, and did not. The request as a whole has a metric wherever it is about a
 * resource of this API server, and each request that is let in passes the filters. Their metrics are the same for all: the
 * next sampled request of any kind may replace them.
 */
export function replacedReasons(
  [root, ...rows]: readonly TraceInput[],
  { resource, status }: RequestReport,
): readonly Reason[] {
  if (root === undefined || root.precision === 'length-only' || resource === null) return [];
  const names = rows.map(({ span }) => span.name);
  // A request that the authorizer refused is not counted as one.
  if (names.includes(REFUSED)) return [];
  const reason = (message: string): Reason[] => [{ code: 'exemplars-replaced', message, spanIDs: [root.span.spanID] }];
  if (root.precision !== 'exact') {
    return reason(
      'The metrics do not have the request as a whole: a later sampled request has replaced it, or an aggregated API server serves it.',
    );
  }
  const isIn = status !== 401 && status !== 403;
  if (!isIn || hasFilters(names)) return [];
  return reason(
    'Rows of filters are missing: later sampled requests have replaced them, or the server hides their metric.',
  );
}

/** The filter of impersonation has another name from 1.36 on, and a server may run without priority and fairness. */
const hasFilters = (names: readonly string[]): boolean =>
  names.includes('audit') &&
  names.includes('authorization') &&
  names.some((name) => name.endsWith('impersonation')) &&
  (names.includes('priorityandfairness') || !names.some((name) => name.startsWith('queue of ')));
