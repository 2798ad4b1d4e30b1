import { parseSpanID, type SpanID, type TraceID } from '../../trace/ids.ts';
import { epochNanos, isPossible, nanos, type EpochNanos, type Nanos } from '../../trace/time.ts';
import { MalformedMessage, WireReader, WireType } from '../protobuf/reader.ts';
import { labelsIn, messagesIn, metricFamilies, seriesOf } from './families.ts';

/** One observation of a metric, made while a request was served. */
export interface Exemplar {
  /** The metric's name: `apiserver_request_duration_seconds`. */
  readonly metric: string;
  /** Labels of the metric's series. */
  readonly labels: Readonly<Record<string, string>>;
  /** The span in whose context it was observed: the client's own where the server does not trace. */
  readonly spanID: SpanID;
  /** The observed value: seconds for a duration, bytes for a size. */
  readonly value: number;
  /** When it was observed, by the server's clock. */
  readonly time: EpochNanos;
}

/** One request leaves about 60. A response with more than this is not one of an API server. */
const MAX_EXEMPLARS = 10_000;

/** Exemplars are labelled by these names (k8s.io/component-base metrics/histogram.go). */
const TRACE_LABEL = 'trace_id';
const SPAN_LABEL = 'span_id';

/**
 * The exemplars of one trace in a `/metrics` response in protobuf. Families and series without the trace ID are not
 * decoded. Undefined for a response that is not in this format, or is cut off.
 */
export function exemplarsOf(body: Uint8Array, traceID: TraceID): readonly Exemplar[] | undefined {
  const wanted = Buffer.from(traceID, 'latin1');
  const isWanted = (message: Buffer): boolean => message.includes(wanted);
  const found = new Map<string, Exemplar>();
  try {
    for (const family of metricFamilies(body)) {
      if (!isWanted(family.message)) continue;
      for (const { labels, message } of seriesOf(family, isWanted)) {
        for (const exemplar of exemplarMessages(message)) {
          if (!isWanted(exemplar)) continue;
          const one = decode(exemplar, { metric: family.name, labels }, traceID);
          // A native histogram repeats the exemplars of the classic buckets.
          if (one !== undefined) found.set(exemplarKey(one), one);
          if (found.size > MAX_EXEMPLARS) return undefined;
        }
      }
    }
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
  return [...found.values()];
}

/** A trace context that exemplars were observed in. */
export interface ObservedContext {
  /** Trace ID and span ID. */
  readonly key: string;
  /** Series in which it has exemplars. */
  readonly series: number;
}

/**
 * The contexts of all exemplars of one metric, by their keys; of the series that `isWanted` accepts by their labels.
 * Undefined without that metric, and for a response that is not in the format.
 */
export function contextsOf(
  body: Uint8Array,
  metric: string,
  isWanted: (labels: Exemplar['labels']) => boolean = () => true,
): ReadonlyMap<string, ObservedContext> | undefined {
  const found = new Map<string, ObservedContext>();
  let isThere = false;
  try {
    for (const family of metricFamilies(body)) {
      if (family.name !== metric) continue;
      isThere = true;
      for (const { labels, message } of seriesOf(family, () => true)) {
        if (!isWanted(labels)) continue;
        for (const key of new Set([...exemplarMessages(message)].map(contextKey))) {
          if (found.size < MAX_EXEMPLARS) found.set(key, { key, series: (found.get(key)?.series ?? 0) + 1 });
        }
      }
    }
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
  return isThere ? found : undefined;
}

function contextKey(exemplar: Buffer): string {
  const labels = labelsIn(exemplar, 1);
  return `${labels[TRACE_LABEL] ?? ''}-${labels[SPAN_LABEL] ?? ''}`;
}

/** The messages `Exemplar` of a series: of its counter, of its buckets, and of its native histogram. */
function* exemplarMessages(series: Buffer): Generator<Buffer> {
  for (const [field, value] of messagesIn(series, 3, 7)) {
    if (field === 3) {
      for (const [, exemplar] of messagesIn(value, 2)) yield exemplar;
      continue;
    }
    for (const [part, message] of messagesIn(value, 3, 16)) {
      if (part === 16) yield message;
      else for (const [, exemplar] of messagesIn(message, 3)) yield exemplar;
    }
  }
}

function decode(message: Buffer, series: Pick<Exemplar, 'metric' | 'labels'>, traceID: TraceID): Exemplar | undefined {
  const labels = labelsIn(message, 1);
  const spanID = parseSpanID(labels[SPAN_LABEL] ?? '');
  if (labels[TRACE_LABEL] !== traceID || spanID === undefined) return undefined;
  const reader = new WireReader(message);
  let value = 0;
  let time: EpochNanos | undefined;
  while (reader.next(reader.end)) {
    if (reader.is(2, WireType.fixed64)) value = reader.double();
    else if (reader.is(3, WireType.bytes)) time = timestamp(reader.view());
    else reader.skip();
  }
  if (time === undefined || !Number.isFinite(value) || value < 0) return undefined;
  const exemplar = { ...series, spanID, value, time };
  return isDuration(exemplar) && !isPossible(durationOf(exemplar), time) ? undefined : exemplar;
}

/** Metrics are called by the unit of their values. */
const isDuration = ({ metric }: Exemplar): boolean => metric.endsWith('_seconds');

/** google.protobuf.Timestamp; undefined for a time that no clock shows. */
function timestamp(message: Buffer): EpochNanos | undefined {
  const reader = new WireReader(message);
  let seconds = 0;
  let fraction = 0;
  while (reader.next(reader.end)) {
    if (reader.is(1, WireType.varint)) seconds = Number(reader.int64());
    else if (reader.is(2, WireType.varint)) fraction = Number(reader.int64());
    else reader.skip();
  }
  if (seconds <= 0 || seconds > 253_402_300_799 || fraction < 0 || fraction >= 1e9) return undefined;
  return epochNanos(BigInt(seconds) * 1_000_000_000n + BigInt(fraction));
}

/** The same for the same exemplar in several readings. */
export const exemplarKey = ({ metric, labels, spanID, value, time }: Exemplar): string =>
  JSON.stringify([metric, labels, spanID, value, String(time)]);

/** Length of time that an exemplar of a duration stands for. It ends when it was observed. */
export const durationOf = ({ value }: Exemplar): Nanos => nanos(value * 1e9);
