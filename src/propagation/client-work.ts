import type { SpanID, TraceID } from '../trace/ids.ts';
import type { EpochNanos } from '../trace/time.ts';

/** Attribute values that both OpenTelemetry's SDK and our spans have. */
export type PlainAttributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** An instant within a request at which one of its phases ended (`tls.done`, `http.response.first_byte`, …). */
export interface ClientEvent {
  readonly name: string;
  readonly time: EpochNanos;
}

/** One HTTP request of a command, over: what its CLIENT span is made of. */
export interface ClientRequest {
  /** The ID that was sent to the server in `traceparent`. */
  readonly spanID: SpanID;
  readonly method: string;
  /** Scheme, authority, path and query; never with credentials. */
  readonly url: string;
  readonly start: EpochNanos;
  readonly end: EpochNanos;
  /** The HTTP status; null without a response. */
  readonly status: number | null;
  readonly userAgent: string;
  /** The Audit-Id that counts: the response's, otherwise ours. */
  readonly auditID: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Why there was no usable response; null when there was one. Our own reason, or the HTTP status as text. */
  readonly errorType: string | null;
  readonly errorMessage: string | null;
  readonly events: readonly ClientEvent[];
  /** More attributes, e.g. what Kubernetes resource the request is about. */
  readonly attributes?: PlainAttributes;
}

/** A command's own work, over: its root span, and one CLIENT span for each request below it. */
export interface ClientWork {
  readonly traceID: TraceID;
  /** The root span's. */
  readonly spanID: SpanID;
  /** The span above the root, in another program's part of the trace; null without one. */
  readonly parentSpanID: SpanID | null;
  /** `kubectl trace get nodes` */
  readonly name: string;
  readonly start: EpochNanos;
  readonly end: EpochNanos;
  /** Null when the command's requests succeeded. */
  readonly errorMessage: string | null;
  /** The version of this program. */
  readonly version: string;
  readonly requests: readonly ClientRequest[];
  readonly attributes?: PlainAttributes;
}
