import { hasSettled, lastEndOf } from '../../src/analysis/completeness/settled.ts';
import { decodeOTLPDocument } from '../../src/codec/otlp/json.ts';
import { Pool } from '../../src/codec/pool.ts';
import { toJSON } from '../../src/report/json.ts';
import type { JSONObject } from '../../src/report/json-value.ts';
import { servedTrace, spansReport } from '../../src/report/spans-report.ts';
import type { TraceID } from '../../src/trace/ids.ts';
import type { Span } from '../../src/trace/span.ts';
import type { EpochNanos } from '../../src/trace/time.ts';

/** The spans of a trace as the server has them now. */
export interface ServedSpans {
  readonly traceID: TraceID;
  /** Of the server. */
  readonly version: string;
  readonly spans: readonly Span[];
  /** For how long none has arrived, and the server's time. */
  readonly quietMillis: number;
  readonly now: EpochNanos;
}

/** The spans in a response of OTLP as JSON. Throws for what is none. */
export function readSpans(otlp: unknown): readonly Span[] {
  const spans: Span[] = [];
  if (decodeOTLPDocument(otlp, new Pool(), { exact: true }, spans) === undefined) {
    throw new Error('the server has sent something else than spans');
  }
  return spans;
}

/** The verdict of `show` for the same spans: without their request they can settle, never be complete. */
export const servedVerdict = ({ spans, quietMillis, now }: ServedSpans): 'settled' | 'partial' =>
  hasSettled(lastEndOf(spans), quietMillis, now) ? 'settled' : 'partial';

/** The document of `show` for the same spans. */
export const servedDocument = (served: ServedSpans): JSONObject =>
  toJSON(spansReport(servedTrace({ ...served, verdict: servedVerdict(served) })));
