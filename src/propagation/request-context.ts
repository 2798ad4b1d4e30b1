import { newSpanID, newTraceID, type RandomBytes, type SpanID, type TraceID } from '../trace/ids.ts';

/** The identity of one request in the trace: its client span, and the Audit-ID that it requests. */
export interface RequestContext {
  readonly traceID: TraceID;
  /** The client span of this request: the parent that is sent to the API server. */
  readonly spanID: SpanID;
  readonly auditID: string;
}

/** The context of a request in a trace; in a separate one where none is given. */
export function requestContext(random: RandomBytes, traceID: TraceID = newTraceID(random)): RequestContext {
  const spanID = newSpanID(random);
  return { traceID, spanID, auditID: auditIDOf(traceID, spanID) };
}

/**
 * The Audit-ID that a request sends: the first 16 hex digits of its trace ID, then its span ID, written as a UUID. The
 * API server takes any text, echoes it, and puts it on its spans and into the audit log (k8s.io/apiserver
 * pkg/endpoints/filters/audit_init.go); so it has to differ between requests of one trace.
 */
export function auditIDOf(traceID: TraceID, spanID: SpanID): string {
  return `${traceID.slice(0, 16)}${spanID}`.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
