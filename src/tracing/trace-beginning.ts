import { parseTraceparent } from '../propagation/traceparent.ts';
import type { Runtime } from '../runtime.ts';
import { newSpanID, newTraceID, type SpanID, type TraceID } from '../trace/ids.ts';

/** The identity of a command's own span. */
export interface TraceBeginning {
  readonly traceID: TraceID;
  readonly spanID: SpanID;
  /** Span of the process that started the command; null where it begins a trace. */
  readonly parentSpanID: SpanID | null;
}

/**
 * A new trace, or a part of the one that TRACEPARENT in the environment names, as OpenTelemetry has it for processes
 * (https://opentelemetry.io/docs/specs/otel/context/env-carriers/). An invalid value is ignored.
 */
export function beginTrace({ env, random }: Pick<Runtime, 'env' | 'random'>): TraceBeginning {
  const parent = parseTraceparent(env['TRACEPARENT'] ?? '');
  return {
    traceID: parent?.traceID ?? newTraceID(random),
    spanID: newSpanID(random),
    parentSpanID: parent?.spanID ?? null,
  };
}
