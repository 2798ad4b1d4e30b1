import { exemplarsOf } from '../../../src/codec/metrics/exemplars.ts';
import type { RequestReport } from '../../../src/report/report.ts';
import { parseTraceID } from '../../../src/trace/ids.ts';
import { nanos } from '../../../src/trace/time.ts';
import { measurementOf } from '../../../src/tracing/source/metrics/measure.ts';
import type { Document } from '../../support/schema.ts';

/** A row that comes from the metrics, on the server's clock. */
export interface MeasuredRow {
  readonly name: string;
  readonly start: bigint;
  readonly durationNanos: number;
  readonly precision: string;
  /** The name of the row above it; undefined for the request itself. */
  readonly parent?: string;
  /** The name of the webhook that was called. */
  readonly webhook?: string;
}

type SentRequest = Document['requests'][number];

/** The rows of a request as the program has printed them: the request itself first, then those below it. */
export function rowsOfDocument({ trace }: Document, { spanID }: SentRequest): readonly MeasuredRow[] {
  const spans = trace?.spans.filter(({ source }) => source === 'metric') ?? [];
  const root = spans.find(({ parentSpanID }) => parentSpanID === spanID);
  if (trace === null || root === undefined) return [];
  const names = new Map([[root.spanID, root.name]]);
  return spans.flatMap((span) => {
    const parent = span === root ? undefined : names.get(span.parentSpanID ?? '');
    if (span !== root && parent === undefined) return [];
    const { name, precision = '', original, startOffsetNanos, attributes } = span;
    names.set(span.spanID, name);
    const start = BigInt(original?.startUnixNano ?? BigInt(trace.startUnixNano) + BigInt(startOffsetNanos));
    // A stream is drawn until it is open, and was measured until its end.
    const durationNanos = original === undefined ? span.durationNanos : Number(BigInt(original.endUnixNano) - start);
    const above = parent !== undefined && { parent };
    return [{ name, start, durationNanos, precision, ...above, ...webhookOf(attributes) }];
  });
}

/** The rows of a request that the program makes of a `/metrics` response. */
export function rowsOfMetrics(
  metrics: Uint8Array,
  recorded: { readonly traceID: string; readonly requests: readonly SentRequest[] },
): readonly MeasuredRow[] {
  const traceID = parseTraceID(recorded.traceID);
  const requests = recorded.requests as unknown as readonly RequestReport[];
  const sent = requests.at(-1);
  if (traceID === undefined || sent === undefined) throw new Error('the recording has no request');
  const last = {
    status: 'read',
    exemplars: exemplarsOf(metrics, traceID) ?? [],
    startedAt: null,
    tookNanos: nanos(0),
  } as const;
  const rows = measurementOf({ last }, requests, traceID).rows.get(sent) ?? [];
  const names = new Map(rows.map(({ span }) => [span.spanID, span.name]));
  return rows.map(({ span, precision = '' }) => {
    const parent = span.parentSpanID === undefined ? undefined : names.get(span.parentSpanID);
    return {
      name: span.name,
      start: BigInt(span.start),
      durationNanos: Number(span.end - span.start),
      precision,
      ...(parent !== undefined && { parent }),
      ...webhookOf(span.attributes),
    };
  });
}

function webhookOf(attributes: Readonly<Record<string, unknown>> = {}): Pick<MeasuredRow, 'webhook'> {
  const { webhook } = attributes;
  return typeof webhook === 'string' ? { webhook } : {};
}

/** Rows that one list has and the other has not; bounds are drawn again around other rows, and are left out. */
export function exactDifferences(one: readonly MeasuredRow[], other: readonly MeasuredRow[]): readonly string[] {
  const linesOf = (rows: readonly MeasuredRow[]): readonly string[] =>
    rows.filter(({ precision }) => precision === 'exact').map((row) => `${row.name} ${row.start} ${row.durationNanos}`);
  const known = new Set(linesOf(other));
  return linesOf(one).filter((row) => !known.has(row));
}
