import type { Report, RequestReport } from '../../../report/report.ts';
import type { SpanID } from '../../../trace/ids.ts';
import { isOtherSource, type TraceInput } from '../../../trace/trace.ts';
import type { LookupResult, LookupTask, RequestLookup } from '../../lookup/task.ts';
import { besideSpans } from './beside-spans.ts';
import { notLookedUp, remainingError } from './combine.ts';

/**
 * The result of a later look-up with the rows that a stored command has from the API server's metrics, or from its logs:
 * those of that time cannot be read again. `task.requests` are the requests of the report, in the same order.
 */
export function withStoredRows(
  looked: LookupResult,
  report: Report,
  task: Pick<LookupTask, 'requests' | 'flags' | 'isAwaited'>,
): LookupResult {
  const stored = storedRows(report);
  if (stored.size === 0) return looked;
  const found = new Map(looked.requests.map((one) => [one.sent, one]));
  const requests = task.requests.flatMap((sent, index): RequestLookup[] => {
    const before = report.requests[index];
    const now = found.get(sent);
    const rows = stored.get(sent.spanID);
    if (before === undefined || rows === undefined) return now === undefined ? [] : [now];
    return [withRows(now ?? notLookedUp(sent, task), before, rows)];
  });
  const isMeasured = requests.some(({ report: { verdict } }) => verdict === 'measured');
  return { ...looked, requests, error: isMeasured ? remainingError(looked.error, requests, task.flags) : looked.error };
}

/**
 * Spans win. Where the API server reported none, the request is what it was, and so it is where they are incomplete: the
 * metrics have more stages then.
 */
function withRows(now: RequestLookup, before: RequestReport, rows: readonly TraceInput[]): RequestLookup {
  const { lookup } = before;
  if (lookup?.verdict === 'measured') {
    if (now.server === undefined) return { ...now, report: lookup, measured: rows };
    if (now.report.verdict === 'partial')
      return { ...now, report: lookup, measured: rows, server: undefined, found: [] };
  }
  const isOfMetrics = rows.every(({ source }) => source === 'metric');
  return now.server === undefined || !isOfMetrics ? now : besideSpans(now, now.server, rows);
}

/** Rows below the client span of each request, as they were observed: the tree is made again from them. */
function storedRows({ analysis, requests }: Report): ReadonlyMap<SpanID, readonly TraceInput[]> {
  const own = new Set(requests.map(({ spanID }) => spanID));
  const rows = new Map<SpanID, TraceInput[]>();
  for (const placed of analysis?.trace.spans ?? []) {
    const { span, source, inferred, precision } = placed;
    if (!isOtherSource(source)) continue;
    let client = placed.parent;
    while (client !== undefined && !(client.source === 'client' && own.has(client.spanID))) client = client.parent;
    if (client === undefined) continue;
    const known = rows.get(client.spanID) ?? [];
    rows.set(client.spanID, [...known, { span, source, inferred, precision }]);
  }
  return rows;
}
