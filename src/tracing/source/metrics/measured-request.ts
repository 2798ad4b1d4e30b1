import { durationOf, type Exemplar } from '../../../codec/metrics/exemplars.ts';
import { COMPONENT_ATTRIBUTE } from '../../../analysis/timing/component.ts';
import type { RequestReport } from '../../../report/report.ts';
import { deriveSpanID, type SpanID, type TraceID } from '../../../trace/ids.ts';
import type { Attributes, Resource, Span } from '../../../trace/span.ts';
import { after, measurable, nanos, type EpochNanos } from '../../../trace/time.ts';
import type { TraceInput } from '../../../trace/trace.ts';
import { boundedRows } from './bounded-rows.ts';
import { AUTHORIZATION, BODY_SIZE, EXECUTION, REQUEST_DURATION, stageOf, type Stage } from './stages.ts';

/** The request that exemplars were observed in, and the API server that observed them. */
export interface MeasuredBy {
  readonly request: RequestReport;
  readonly traceID: TraceID;
  readonly resource: Resource;
}

interface Row {
  readonly stage: Stage;
  readonly span: Span;
}

/**
 * The rows of one request, from its exemplars in the API server's metrics. Each value ends when it was
 * observed, so that start and end are exact, on the server's clock. Parents follow from ranks and times:
 *
 *     request                |--------------------------------------------|
 *     filters                  |-| |---| |--|
 *     queue                          |-|
 *     mutating admission                       |-------------|
 *     plug-in                                    |---------|
 *     webhook                                      |------|
 *
 * What no metric covers is named by what lies beside it. Empty where no exemplar shows the request.
 */
export function measuredRows(exemplars: readonly Exemplar[], by: MeasuredBy): readonly TraceInput[] {
  const staged = exemplars.flatMap((exemplar) => {
    const stage = stageOf(exemplar);
    return stage === undefined ? [] : [{ stage, exemplar }];
  });
  const top = requestSpan(exemplars, by);
  if (top === undefined) return [];
  const rows: Row[] = staged
    .map(({ stage, exemplar }) => ({ stage, span: spanOf(exemplar, stage, by) }))
    .sort((one, other) => one.stage.rank - other.stage.rank);
  const placed: Row[] = [];
  for (const row of rows) {
    const { parentSpanID: _, ...span } = row.span;
    placed.push({ ...row, span: { ...span, parentSpanID: parentOf(row, placed)?.span.spanID ?? top.span.spanID } });
  }
  const topLevel = placed.filter(({ span }) => span.parentSpanID === top.span.spanID).map(({ span }) => span);
  const marks = {
    body: exemplars.find(({ metric }) => metric === BODY_SIZE)?.time,
    authorization: exemplars.find(({ metric }) => metric === AUTHORIZATION),
    executed: exemplars.find(({ metric }) => metric === EXECUTION)?.time,
  };
  return [
    { span: top.span, source: 'metric', inferred: false, precision: top.isExact ? 'exact' : 'inferred' },
    ...placed.map(({ span }): TraceInput => ({ span, source: 'metric', inferred: false, precision: 'exact' })),
    ...boundedRows(top.span, topLevel, { ...marks, isExact: top.isExact, request: by.request }),
  ];
}

/** The innermost row of a lower rank that the middle of this one lies in: ends are observed one after the other. */
function parentOf({ stage, span }: Row, placed: readonly Row[]): Row | undefined {
  const middle = (span.start + span.end) / 2n;
  return placed.findLast(
    (other) => other.stage.rank < stage.rank && other.span.start <= middle && middle <= other.span.end,
  );
}

/**
 * The request in the API server, from its arrival to the end of its handler. Where the server does not count it as a
 * request, its time is that of the stages that are known.
 */
function requestSpan(
  exemplars: readonly Exemplar[],
  by: MeasuredBy,
): { readonly span: Span; readonly isExact: boolean } | undefined {
  const whole = exemplars.find(({ metric }) => metric === REQUEST_DURATION);
  const times = exemplars.flatMap((one) =>
    one.metric === EXECUTION || stageOf(one) !== undefined ? [{ start: startOf(one), end: one.time }] : [],
  );
  const [first] = times;
  if (whole === undefined && first === undefined) return undefined;
  const earliest = (one: EpochNanos, { start }: { start: EpochNanos }): EpochNanos => (start < one ? start : one);
  const latest = (one: EpochNanos, { end }: { end: EpochNanos }): EpochNanos => (end > one ? end : one);
  // The server takes the time a little after the value: a stage that begins before the request shows by how much.
  const start = times.reduce(earliest, whole === undefined ? first!.start : startOf(whole));
  const end = whole === undefined ? times.reduce(latest, first!.end) : after(start, durationOf(whole));
  // No request has stages with months between them.
  if (measurable(start, times.reduce(latest, end)) === undefined) return undefined;
  const span = serverSpan(by, { start, end }, whole === undefined ? {} : seriesAttributes(whole));
  return { span, isExact: whole !== undefined };
}

/** The span of a request in the API server. */
export const serverSpan = (
  by: MeasuredBy,
  { start, end }: { readonly start: EpochNanos; readonly end: EpochNanos },
  series: Attributes,
): Span => ({
  ...common(by),
  spanID: deriveSpanID(by.request.spanID, 'metrics'),
  parentSpanID: by.request.spanID,
  name: `${by.request.method} ${by.request.path}`,
  kind: 'server',
  start,
  end,
  attributes: {
    'http.request.method': by.request.method,
    'url.path': by.request.path,
    ...(by.request.status !== null && { 'http.response.status_code': by.request.status }),
    ...series,
  },
});

function spanOf(exemplar: Exemplar, { name, kind, component, attributes }: Stage, by: MeasuredBy): Span {
  return {
    ...common(by),
    spanID: spanIDOf(exemplar, by.request.spanID),
    name,
    kind,
    start: startOf(exemplar),
    end: exemplar.time,
    attributes: {
      ...attributes,
      ...seriesAttributes(exemplar),
      ...(component !== undefined && { [COMPONENT_ATTRIBUTE]: component }),
    },
  };
}

const common = ({ traceID, resource }: MeasuredBy) =>
  ({ traceID, status: { code: 'unset' }, events: [], links: [], resource }) as const;

const startOf = (exemplar: Exemplar): EpochNanos => after(exemplar.time, nanos(-durationOf(exemplar)));

const spanIDOf = ({ metric, labels, time }: Exemplar, request: SpanID): SpanID =>
  deriveSpanID(request, JSON.stringify([metric, labels, String(time)]));

/** The series that a row comes from, for those who look it up. */
const seriesAttributes = ({ metric, labels }: Exemplar): Attributes => ({
  'metric.name': metric,
  ...Object.fromEntries(Object.entries(labels).map(([name, value]) => [`metric.label.${name}`, value])),
});
