import type { Span } from '../../trace/span.ts';
import type { TraceInput } from '../../trace/trace.ts';
import type { ServerSpans } from '../completeness/server-spans.ts';

/** Spans found for one request. */
export interface FoundRequest {
  /** The request's client span. */
  readonly client: Span;
  /** The server's spans of this request, where its root was found. */
  readonly server: ServerSpans | undefined;
  /** The server's `authentication` span, from its own trace, joined because no other fits in time. */
  readonly authentication?: Span | undefined;
  /** Everything that its look-up found, other requests' spans of the same trace included. */
  readonly found: readonly Span[];
  /** Rows from the API server's metrics or logs, the request's own first; where it reported no spans. */
  readonly measured?: readonly TraceInput[] | undefined;
  /** Rows of admission plug-ins from those metrics; where it reported spans. */
  readonly plugins?: readonly TraceInput[] | undefined;
}

/** The client's span and the server's may share an ID (Zipkin). */
export const identity = ({ traceID, spanID, kind }: Span): string => `${traceID}${spanID}${kind}`;
