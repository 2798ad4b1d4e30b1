import { exemplarKey, type Exemplar } from '../../../codec/metrics/exemplars.ts';
import type { Reason, RequestReport } from '../../../report/report.ts';
import type { SpanID, TraceID } from '../../../trace/ids.ts';
import type { Resource } from '../../../trace/span.ts';
import type { EpochNanos, Nanos } from '../../../trace/time.ts';
import type { TraceInput } from '../../../trace/trace.ts';
import { byTime, spansThatCameIn } from './attribute.ts';
import { deltaRows } from './delta-rows.ts';
import { measuredRows } from './measured-request.ts';
import type { BeforeReading } from './reader.ts';
import { silenceOf, type MetricsReading } from './reading.ts';
import { sharedSeries } from './shared-series.ts';
import { totalRows, type TotalsAround } from './total-rows.ts';

/** A command's requests as the API server's metrics have them. */
export interface Measurement {
  readonly reading: MetricsReading;
  /** Rows of each request that left exemplars. */
  readonly rows: ReadonlyMap<RequestReport, readonly TraceInput[]>;
  /** Priority level and flow schema by name, of each request that left them. */
  readonly flowControl: ReadonlyMap<RequestReport, Pick<RequestReport, 'priorityLevel' | 'flowSchema'>>;
  /** The span that a proxy between the client and the server sent a request on in; none without such a proxy. */
  readonly replacedBy: ReadonlyMap<RequestReport, SpanID>;
  /**
   * The server traces nothing, so that no trace can exist: it observed requests in the client's own span, or runs without
   * the flag.
   */
  readonly isUntraced: boolean;
  readonly tookNanos: Nanos | null;
  /** Remarks on the rows of a request. */
  readonly remarks: ReadonlyMap<RequestReport, readonly Reason[]>;
  /** The reading that delayed the first request. */
  readonly before: BeforeReading | undefined;
}

/** The reading after the last request, and those before it. */
export interface Readings {
  readonly last: MetricsReading;
  /** Exemplars of readings between requests. */
  readonly earlier?: readonly Exemplar[];
  /** Before the first. */
  readonly before?: BeforeReading | undefined;
  /** By the client's clock. */
  readonly commandStart?: EpochNanos;
}

/** Attributes the exemplars of a trace to its requests, and makes rows of them. */
export function measurementOf(
  { last: reading, earlier = [], before, commandStart }: Readings,
  requests: readonly RequestReport[],
  traceID: TraceID,
): Measurement {
  if (reading.status !== 'read')
    return {
      reading,
      rows: new Map(),
      flowControl: new Map(),
      remarks: new Map(),
      replacedBy: new Map(),
      isUntraced: silenceOf(reading)?.tracing === 'off',
      tookNanos: null,
      before,
    };
  const resource: Resource = {
    service: 'apiserver',
    attributes: {
      'service.name': 'apiserver',
      ...(reading.startedAt !== null && { 'process.start_time_unix': reading.startedAt }),
    },
  };
  const answered = requests.filter(({ status }) => status !== null);
  const { own, others } = bySpan(eachOnce([...earlier, ...reading.exemplars]), answered);
  const rows = new Map<RequestReport, readonly TraceInput[]>();
  const flowControl = new Map<RequestReport, Pick<RequestReport, 'priorityLevel' | 'flowSchema'>>();
  const isAlone = answered.filter(({ purpose }) => purpose === 'request').length === 1;
  const totals = isAlone ? totalsAround(before?.reading, reading) : undefined;
  const remarks = new Map<RequestReport, readonly Reason[]>();
  const deltaOf = (made: readonly TraceInput[], request: RequestReport): readonly TraceInput[] => {
    if (totals === undefined || request.purpose !== 'request') return [];
    remarks.set(request, sharedSeries(totals.before, totals.later, made));
    return deltaRows(totals.before, totals.later, { rows: made, request });
  };
  const add = (request: RequestReport, exemplars: readonly Exemplar[]): void => {
    const made = measuredRows(exemplars, { request, traceID, resource });
    if (made.length > 0) rows.set(request, [...made, ...deltaOf(made, request)]);
    const named = exemplars.find(({ labels }) => labels['flow_schema'] !== undefined)?.labels;
    if (named === undefined) return;
    flowControl.set(request, {
      priorityLevel: named['priority_level'] ?? null,
      flowSchema: named['flow_schema'] ?? null,
    });
  };
  for (const [request, exemplars] of own) add(request, exemplars);
  const left = answered.filter((request) => !own.has(request));
  const replacedBy = new Map<RequestReport, SpanID>();
  const isProxied = spansThatCameIn(others).length > 0;
  // Where our spans arrive, the others are of requests that a webhook sends in turn.
  for (const [request, exemplars] of own.size > 0 ? [] : byTime(others, left)) {
    add(request, exemplars);
    const [first] = exemplars;
    if (isProxied && first !== undefined) replacedBy.set(request, first.spanID);
  }
  const request = answered.find(({ purpose }) => purpose === 'request');
  if (totals !== undefined && request !== undefined && commandStart !== undefined && !rows.has(request)) {
    const made = totalRows(totals, { request, traceID, resource }, commandStart);
    if (made.length > 0) rows.set(request, made);
  }
  return {
    reading,
    rows,
    flowControl,
    remarks,
    replacedBy,
    isUntraced: own.size > 0 || reading.silence?.tracing === 'off',
    tookNanos: reading.tookNanos,
    before,
  };
}

/** Undefined where the readings are not both of the same process: another one has other totals. */
function totalsAround(first: MetricsReading | undefined, last: MetricsReading): TotalsAround | undefined {
  if (first?.status !== 'read' || last.status !== 'read' || first.startedAt === null) return undefined;
  return first.startedAt === last.startedAt ? { before: first.totals ?? [], later: last.totals ?? [] } : undefined;
}

/** Exemplars of several readings, each once. */
const eachOnce = (exemplars: readonly Exemplar[]): readonly Exemplar[] => [
  ...new Map(exemplars.map((one) => [exemplarKey(one), one])).values(),
];

function bySpan(
  exemplars: readonly Exemplar[],
  requests: readonly RequestReport[],
): { readonly own: ReadonlyMap<RequestReport, readonly Exemplar[]>; readonly others: readonly Exemplar[] } {
  const ids = new Map<SpanID, RequestReport>(requests.map((request) => [request.spanID, request]));
  const own = Map.groupBy(exemplars, ({ spanID }) => ids.get(spanID));
  const others = own.get(undefined) ?? [];
  const known = [...own].filter((entry): entry is [RequestReport, Exemplar[]] => entry[0] !== undefined);
  return { own: new Map(known), others };
}
