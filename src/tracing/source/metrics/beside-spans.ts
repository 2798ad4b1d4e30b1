import { textAttribute } from '../../../analysis/attributes.ts';
import type { ServerSpans } from '../../../analysis/completeness/server-spans.ts';
import { formatDuration } from '../../../analysis/wording/duration.ts';
import type { Reason } from '../../../report/report.ts';
import type { Span } from '../../../trace/span.ts';
import { between, nanos, type Nanos } from '../../../trace/time.ts';
import type { TraceInput } from '../../../trace/trace.ts';
import type { RequestLookup } from '../../lookup/task.ts';
import { ADMISSION_PLUGIN, ADMISSION_WEBHOOK, POLICY_CHECKS, REQUEST_DURATION } from './stages.ts';

/** Metrics and spans take their times one after the other. */
const TOLERANCE = nanos(1_000_000);
const TOLERANCE_SHARE = 0.05;

/**
 * A request whose spans were found, with its rows from metrics: spans win. Admission plug-ins, which have no spans, are
 * added, and what both show is compared.
 */
export function besideSpans(lookup: RequestLookup, server: ServerSpans, rows: readonly TraceInput[]): RequestLookup {
  const metrics = [ADMISSION_PLUGIN, ...POLICY_CHECKS];
  const plugins = rows.filter(({ span }) => metrics.includes(metricOf(span)));
  const found = differences(server, rows);
  const { report } = lookup;
  return {
    ...lookup,
    plugins,
    report: found.length === 0 ? report : { ...report, reasons: [...report.reasons, ...found] },
  };
}

const metricOf = ({ attributes }: Span): string => textAttribute(attributes, 'metric.name') ?? '';

/** Calls of webhooks that take longer or less by the metrics, and a request that ends outside of its spans. */
function differences({ root, spans }: ServerSpans, rows: readonly TraceInput[]): Reason[] {
  const calls = rows.filter(({ span }) => metricOf(span) === ADMISSION_WEBHOOK);
  const differing = calls.flatMap(({ span }): Reason[] => {
    const webhook = textAttribute(span.attributes, 'webhook') ?? '';
    const reported = spans.filter(
      ({ name, attributes }) => name === span.name && textAttribute(attributes, 'webhook') === webhook,
    );
    const measured = between(span.start, span.end);
    const [first] = reported;
    if (first === undefined || reported.some((one) => isAlike(between(one.start, one.end), measured))) return [];
    const message = `The webhook ${webhook} took ${formatDuration(measured)} by the API server's metrics, and ${formatDuration(between(first.start, first.end))} by its span.`;
    return [{ code: 'metrics-differ', message, spanIDs: [first.spanID] }];
  });
  const whole = rows.find(({ span }) => metricOf(span) === REQUEST_DURATION)?.span;
  const last = spans.reduce(
    (end, { end: other, resource }) => (resource === root.resource && other > end ? other : end),
    root.end,
  );
  const isWithin =
    whole === undefined || (between(root.start, whole.end) >= 0 && between(last, whole.end) <= TOLERANCE);
  if (isWithin) return differing;
  const message = `The request ended ${formatDuration(nanos(Math.abs(between(last, whole.end))))} ${whole.end > last ? 'after' : 'before'} its last span by the API server's metrics: spans may be missing.`;
  return [...differing, { code: 'metrics-differ', message, spanIDs: [root.spanID] }];
}

const isAlike = (one: Nanos, other: Nanos): boolean =>
  Math.abs(one - other) <= Math.max(TOLERANCE, TOLERANCE_SHARE * Math.max(one, other));
