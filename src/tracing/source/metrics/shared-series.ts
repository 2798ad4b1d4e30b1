import { seriesKey, type SeriesTotal } from '../../../codec/metrics/totals.ts';
import { counted } from '../../../format/counted.ts';
import type { Reason } from '../../../report/report.ts';
import type { TraceInput } from '../../../trace/trace.ts';
import { WEBHOOK_METRICS } from './stages.ts';

/**
 * Calls of webhooks that have no row: webhooks of the same name share a series, a reinvoked webhook is called again, and
 * other requests call it too. A bucket of a series stores its newest exemplar only. Two readings show how many calls there
 * were:
 *
 *     calls      |--ours--|  |--ours--|  |--another request's, not sampled--|
 *     exemplar                        x                                         3 calls, the last one of ours shown
 */
export function sharedSeries(
  before: readonly SeriesTotal[],
  later: readonly SeriesTotal[],
  rows: readonly TraceInput[],
): readonly Reason[] {
  const known = new Map(before.map((total) => [seriesKey(total), total.count]));
  return later.flatMap((total): Reason[] => {
    const { metric, labels } = total;
    if (!WEBHOOK_METRICS.includes(metric)) return [];
    const shown = rows.filter(({ span }) => isOf(span.attributes, total));
    const calls = total.count - (known.get(seriesKey(total)) ?? 0);
    const [first] = shown;
    if (first === undefined || calls <= shown.length) return [];
    const name = `${first.span.name} ${labels['name'] ?? ''}`.trim();
    const which = shown.length === 1 ? 'the last one shown' : `${shown.length} shown`;
    const message = `${name}: ${counted(calls, 'call')}, ${which}.`;
    return [{ code: 'calls-not-shown', message, spanIDs: shown.map(({ span }) => span.spanID) }];
  });
}

const isOf = (attributes: TraceInput['span']['attributes'], { metric, labels }: SeriesTotal): boolean =>
  attributes['metric.name'] === metric &&
  Object.entries(labels).every(([name, value]) => attributes[`metric.label.${name}`] === value);
