import { ExitCode } from '../../../errors.ts';
import type { ErrorReport, LookupReport, Reason, RequestReport } from '../../../report/report.ts';
import type { TraceID } from '../../../trace/ids.ts';
import type { TraceInput } from '../../../trace/trace.ts';
import { incompleteError } from '../../lookup/errors.ts';
import { SKIPPED } from '../../lookup/report.ts';
import type { LookupResult, RequestLookup, LookupTask } from '../../lookup/task.ts';
import { besideSpans } from './beside-spans.ts';
import type { Measurement } from './measure.ts';
import { metricsLines, readBeforeName } from './reading-words.ts';
import { replacedReasons } from './replaced-rows.ts';

type Asked = Pick<LookupTask, 'requests' | 'traceID' | 'flags' | 'isAwaited'>;

/**
 * The result of a look-up with the API server's metrics beside it. Spans win where both exist. A request without spans of
 * the API server is measured; when every awaited request is, the missing trace is no error.
 */
export function withMeasurement(looked: LookupResult, measurement: Measurement, task: Asked): LookupResult {
  const { rows } = measurement;
  const first = measurement.before;
  const readBefore = first && { readBefore: { ...first, name: readBeforeName(first.reading) } };
  if (rows.size === 0) return { ...withoutRows(looked, measurement), ...readBefore };
  const known = new Map(looked.requests.map((one) => [one.sent, one]));
  const requests = task.requests
    .filter((sent) => sent.status !== null)
    .map((sent): RequestLookup => {
      const before = {
        ...(known.get(sent) ?? notLookedUp(sent, task)),
        flowControl: measurement.flowControl.get(sent),
      };
      const own = rows.get(sent);
      if (own === undefined) return measurement.isUntraced ? withOverwritten(before) : before;
      if (before.server !== undefined) return besideSpans(before, before.server, own);
      const report = measuredReport(before.report, own, measurement, task.traceID);
      const reasons = [
        ...replacedReasons(own, sent),
        ...sourceReasons(measurement, sent),
        ...(measurement.remarks.get(sent) ?? []),
        ...etcdReasons(own, measurement),
        ...backendReasons(looked.error),
      ];
      return { ...before, report: { ...report, reasons }, measured: own };
    });
  return { ...looked, ...readBefore, requests, error: remainingError(looked.error, requests, task.flags) };
}

/** Error of a look-up where metrics have some of the requests: a missing trace is no error where all that is awaited is there. */
export function remainingError(
  error: ErrorReport | null,
  requests: readonly RequestLookup[],
  flags: LookupTask['flags'],
): ErrorReport | null {
  const isMissing = requests.some(({ awaited, report }) => awaited && report.verdict === 'missing');
  return (isMissing ? error : withoutMissing(error)) ?? incompleteError(requests, flags);
}

/** The metrics have nothing of any request, but may say why there is no trace either. */
function withoutRows(looked: LookupResult, measurement: Measurement): LookupResult {
  const explained = explain(looked, measurement);
  if (!measurement.isUntraced) return explained;
  const requests = looked.requests.map((one): RequestLookup => {
    const { report, server } = one;
    return server === undefined ? { ...one, report: { ...report, prediction: 'untraced' } } : one;
  });
  return { ...explained, requests };
}

/** No spans had to be found: another source has the stages. */
const withoutMissing = (error: ErrorReport | null): ErrorReport | null =>
  error?.code === ExitCode.backendFailed ||
  error?.code === ExitCode.traceNotFound ||
  error?.code === ExitCode.incomplete
    ? null
    : error;

/** Its exemplars were there, because the server traces nothing, and have been replaced since. */
function withOverwritten(before: RequestLookup): RequestLookup {
  if (before.report.verdict !== 'missing') return before;
  const message =
    'Later requests of the same kind replaced what the metrics had of a request: its stages are not known.';
  const reasons = [{ code: 'exemplars-replaced', message, spanIDs: [] }];
  return { ...before, report: { ...before.report, prediction: 'untraced', verdict: 'partial', reasons } };
}

/** Which API server it was, where there are several, and that a proxy has changed the trace context. */
function sourceReasons({ reading, replacedBy }: Measurement, request: RequestReport): LookupReport['reasons'] {
  const reasons: Reason[] = [];
  if (reading.status === 'read' && reading.tries !== undefined && reading.startedAt !== null) {
    const since = new Date(Number(reading.startedAt) * 1000);
    const when = Number.isNaN(since.getTime()) ? reading.startedAt : since.toISOString();
    const message = `Found on connection ${reading.tries}, in the metrics of the API server that was started at ${when}, one of ${reading.servers?.all}.`;
    reasons.push({ code: 'other-api-server', message, spanIDs: [] });
  }
  const spanID = replacedBy.get(request);
  if (spanID !== undefined) {
    const message = `A proxy between here and the API server sent the request on in another span, ${spanID}.`;
    reasons.push({ code: 'trace-context-replaced', message, spanIDs: [] });
  }
  return reasons;
}

/** How to learn more, where a row includes etcd. */
function etcdReasons(rows: readonly TraceInput[], { before }: Measurement): LookupReport['reasons'] {
  const storage = rows.find(({ span }) => span.name.includes('storage, encode, write'));
  if (before !== undefined || storage === undefined) return [];
  const message = 'The row "storage, encode, write" includes etcd, which --metrics=delta shows separately.';
  return [{ code: 'etcd-included', message, spanIDs: [storage.span.spanID] }];
}

/** A backend that was to have the trace, and could not be queried, is still worth a sentence. */
function backendReasons(error: ErrorReport | null): LookupReport['reasons'] {
  if (error?.code !== ExitCode.backendFailed || error.reason === 'NoBackend') return [];
  const problem = error.message.replace(/^the request succeeded, but /, '');
  return [{ code: 'backend-failed', message: `No spans from the trace backend: ${problem}.`, spanIDs: [] }];
}

function measuredReport(
  before: LookupReport,
  rows: readonly TraceInput[],
  { isUntraced, tookNanos }: Measurement,
  traceID: TraceID,
): LookupReport {
  return {
    ...before,
    prediction: isUntraced ? 'untraced' : before.prediction,
    traceID,
    foundBy: 'metrics',
    verdict: 'measured',
    expected: null,
    received: stagesOf(rows),
    missing: [],
    waitedNanos: tookNanos ?? before.waitedNanos,
  };
}

/** Rows with exact times, or, of a server without exemplars, those whose length is. */
function stagesOf(rows: readonly TraceInput[]): number {
  const exact = rows.filter(({ precision }) => precision === 'exact');
  return exact.length > 0 ? exact.length : rows.filter(({ precision }) => precision === 'length-only').length;
}

/** A request that no backend was queried about. */
export const notLookedUp = (sent: RequestReport, { isAwaited }: Pick<LookupTask, 'isAwaited'>): RequestLookup => ({
  sent,
  awaited: isAwaited(sent),
  webhooks: sent.webhooks,
  server: undefined,
  found: [],
  report: { ...SKIPPED, verdict: 'missing' },
});

/** Lines about the metrics in an error about a trace that was not found. */
function explain(looked: LookupResult, { reading, isUntraced }: Measurement): LookupResult {
  const { error } = looked;
  if (error?.code !== ExitCode.backendFailed && error?.code !== ExitCode.traceNotFound) return looked;
  const lines = metricsLines(reading);
  // No backend has a trace that cannot exist.
  const hint = isUntraced && error.reason === 'NoBackend' ? '--wait 0 skips the lookup' : error.hint;
  return { ...looked, error: { ...error, hint, details: [...lines, ...(error.details ?? [])] }, unmeasured: lines[0] };
}
