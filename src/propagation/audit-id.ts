import type { SpanID, TraceID } from '../trace/ids.ts';

/**
 * The Audit-ID that a request sends: the first 16 hex digits of its trace ID, then its span ID, written as a UUID. The
 * API server takes any text, echoes it, and puts it on its spans and into the audit log (k8s.io/apiserver
 * pkg/endpoints/filters/audit_init.go); so it has to differ between requests of one trace.
 */
export function auditIDOf(traceID: TraceID, spanID: SpanID): string {
  return `${traceID.slice(0, 16)}${spanID}`.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
