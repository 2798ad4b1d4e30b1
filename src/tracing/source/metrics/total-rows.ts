import { ETCD_DURATION, TRANSFORMATION, deltaRows } from './delta-rows.ts';
import { seriesKey, type SeriesTotal } from '../../../codec/metrics/totals.ts';
import type { RequestReport } from '../../../report/report.ts';
import { after, nanos, type EpochNanos, type Nanos } from '../../../trace/time.ts';
import type { TraceInput } from '../../../trace/trace.ts';
import { serverSpan, type MeasuredBy } from './measured-request.ts';
import { REQUEST_DURATION, WEBHOOK_METRICS } from './stages.ts';

/** Metrics of which two readings are compared. */
export const COMPARED_METRICS: readonly string[] = [
  REQUEST_DURATION,
  ETCD_DURATION,
  TRANSFORMATION,
  ...WEBHOOK_METRICS,
];

/** Two readings of one process, before and after a request. */
export interface TotalsAround {
  readonly before: readonly SeriesTotal[];
  readonly later: readonly SeriesTotal[];
}

/**
 * The rows of a request without exemplars, which Kubernetes up to 1.31 attaches to nothing. If the server has counted one
 * request of its kind between the two readings, it is this one: its length is exact, and the client knows where it was at
 * most. Its middle is drawn in the middle of that time:
 *
 *     client      |-- send --|.... wait ....|-- receive --|
 *     request                  |----------|
 *     etcd                     |---|                          anywhere in it
 */
export function totalRows(
  { before, later }: TotalsAround,
  by: MeasuredBy,
  commandStart: EpochNanos,
): readonly TraceInput[] {
  const { request } = by;
  if (request.openNanos != null) return [];
  const counted = later.filter(({ metric, labels }) => metric === REQUEST_DURATION && isOfKind(labels, request));
  const [count, seconds] = [growth(before, counted, 'count'), growth(before, counted, 'sum')];
  const length = nanos(Math.round(seconds * 1e9));
  if (count !== 1 || length <= 0 || length > request.durationNanos) return [];
  const start = after(commandStart, nanos(request.startOffsetNanos + startWithin(request, length)));
  const span = serverSpan(by, { start, end: after(start, length) }, { 'metric.name': REQUEST_DURATION });
  const root: TraceInput = { span, source: 'metric', inferred: false, precision: 'length-only' };
  return [root, ...deltaRows(before, later, { rows: [root], request })];
}

/** Verbs that the metric has for a method. */
const VERBS: Readonly<Record<string, readonly string[]>> = {
  GET: ['GET', 'LIST'],
  PATCH: ['PATCH', 'APPLY'],
  DELETE: ['DELETE', 'DELETECOLLECTION'],
};

const isOfKind = (labels: SeriesTotal['labels'], request: RequestReport): boolean =>
  request.resource !== null &&
  labels['resource'] === request.resource &&
  (labels['group'] ?? '') === (request.group ?? '') &&
  (labels['subresource'] ?? '') === (request.subresource ?? '') &&
  (VERBS[request.method] ?? [request.method]).includes(labels['verb'] ?? '');

/** By how much the totals of some series have grown together. */
function growth(before: readonly SeriesTotal[], later: readonly SeriesTotal[], what: 'count' | 'sum'): number {
  const known = new Map(before.map((total) => [seriesKey(total), total[what]]));
  return later.reduce((grown, total) => grown + total[what] - (known.get(seriesKey(total)) ?? 0), 0);
}

/** Where a time of this length begins within the request, as the client measured that. */
function startWithin({ phases, durationNanos }: RequestReport, length: Nanos): Nanos {
  const { dnsNanos, connectNanos, tlsNanos, sendNanos, waitNanos } = phases;
  const sent = (dnsNanos ?? 0) + (connectNanos ?? 0) + (tlsNanos ?? 0) + (sendNanos ?? 0);
  const middle = sent + (waitNanos ?? durationNanos - sent) / 2;
  return nanos(Math.round(Math.min(Math.max(0, middle - length / 2), durationNanos - length)));
}
