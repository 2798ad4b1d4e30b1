import { MalformedMessage, WireReader, WireType } from '../protobuf/reader.ts';
import { messagesIn, metricFamilies, seriesOf } from './families.ts';

/** All that a histogram has observed in one series since the process was started. */
export interface SeriesTotal {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
  /** Sum of the observed values: seconds, for durations. */
  readonly sum: number;
}

/** The same for the same series in two readings, whatever the order of its labels. */
export const seriesKey = ({ metric, labels }: Pick<SeriesTotal, 'metric' | 'labels'>): string =>
  JSON.stringify([metric, Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1))]);

/** A cluster has some hundred resources, each with a few operations. */
const MAX_SERIES = 50_000;

/**
 * Totals of some histograms in a `/metrics` response in protobuf. Undefined for a response that is not in this format, or
 * is cut off.
 */
export function totalsOf(body: Uint8Array, metrics: readonly string[]): readonly SeriesTotal[] | undefined {
  const totals: SeriesTotal[] = [];
  try {
    for (const family of metricFamilies(body)) {
      if (!metrics.includes(family.name)) continue;
      for (const { labels, message } of seriesOf(family, () => true)) {
        for (const [, histogram] of messagesIn(message, 7)) {
          const total = countAndSum(histogram);
          if (total !== undefined) totals.push({ metric: family.name, labels, ...total });
        }
        if (totals.length > MAX_SERIES) return undefined;
      }
    }
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
  return totals;
}

/** Undefined for values that no clock has measured. */
function countAndSum(histogram: Buffer): Pick<SeriesTotal, 'count' | 'sum'> | undefined {
  const reader = new WireReader(histogram);
  let count = 0;
  let sum = 0;
  while (reader.next(reader.end)) {
    if (reader.is(1, WireType.varint)) count = Number(reader.int64());
    else if (reader.is(2, WireType.fixed64)) sum = reader.double();
    else reader.skip();
  }
  return count >= 0 && sum >= 0 && Number.isFinite(sum) ? { count, sum } : undefined;
}
