import assert from 'node:assert/strict';
import { buildTrace } from '../../src/trace/build.ts';
import type { SpanEvent } from '../../src/trace/span.ts';
import { between, epochNanos, type EpochNanos } from '../../src/trace/time.ts';
import type { Trace, TraceInput } from '../../src/trace/trace.ts';
import { span, type SpanParts } from './spans.ts';

const START = 1_795_478_400_000_000_001n;
const at = (micros: number): EpochNanos => epochNanos(START + BigInt(micros) * 1000n);

/** A span by its times in microseconds. */
export interface MicroSpan extends SpanParts {
  readonly from: number;
  readonly to: number;
}

/** An event of a span at a time in microseconds. */
export const event = (name: string, micros: number): SpanEvent => ({ name, time: at(micros), attributes: {} });

/** From and to in microseconds, of what is inferred of the spans. */
export function inferredTimes(infer: (trace: Trace) => readonly TraceInput[], spans: readonly MicroSpan[]): number[][] {
  const trace = buildTrace(
    spans.map(({ from, to, ...parts }) => ({
      span: span({ ...parts, start: at(from), end: at(to) }),
      source: 'span',
      inferred: false,
    })),
  ) as Trace;
  return infer(trace).map(({ span: row, inferred }) => {
    assert.equal(inferred, true);
    return [between(at(0), row.start) / 1000, between(at(0), row.end) / 1000];
  });
}
