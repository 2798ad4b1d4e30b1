import type { SpanID, TraceID } from './ids.ts';
import type { EpochNanos } from './time.ts';

/** The OpenTelemetry span kinds, by their lower-case names. */
export type SpanKind = 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export type StatusCode = 'unset' | 'ok' | 'error';

export interface Status {
  readonly code: StatusCode;
  readonly message?: string;
}

/** OpenTelemetry's AnyValue. Integers beyond 2^53 are bigint; bytes are Uint8Array. */
export type AttributeValue =
  | string
  | boolean
  | number
  | bigint
  | Uint8Array
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface SpanEvent {
  readonly time: EpochNanos;
  readonly name: string;
  readonly attributes: Attributes;
}

export interface SpanLink {
  readonly traceID: TraceID;
  readonly spanID: SpanID;
  readonly attributes: Attributes;
}

/** The process that made a span. Decoders share one object among all spans of a process. */
export interface Resource {
  /** The attribute `service.name`; "unknown_service" without one, as the OpenTelemetry SDK does. */
  readonly service: string;
  readonly attributes: Attributes;
}

export interface Scope {
  readonly name: string;
  readonly version?: string;
}

/** A span as its process reported it, decoded from whatever the backend speaks; nothing is moved or interpreted. */
export interface Span {
  readonly traceID: TraceID;
  readonly spanID: SpanID;
  /** Absent for a root. The parent need not be in the same response. */
  readonly parentSpanID?: SpanID;
  readonly name: string;
  readonly kind: SpanKind;
  readonly start: EpochNanos;
  readonly end: EpochNanos;
  readonly status: Status;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly resource: Resource;
  readonly scope?: Scope;
}
