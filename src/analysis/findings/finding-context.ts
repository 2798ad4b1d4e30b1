import type { SpanID } from '../../trace/ids.ts';
import type { Nanos } from '../../trace/time.ts';
import type { WebhookConfiguration } from '../webhook-configuration.ts';

/** The client's record of one request. The report of a request has all of these fields. */
export interface RequestOutcome {
  /** Span ID of the request's client span. */
  readonly spanID: SpanID;
  readonly purpose: 'request' | 'discovery' | 'identity';
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Null when no response came. */
  readonly status: number | null;
  /** Null when the response is not an object. */
  readonly objectCount: number | null;
  /** Names, or UIDs where names are not known. */
  readonly flowSchema: string | null;
  readonly priorityLevel: string | null;
  readonly phases: OutcomePhases;
  /** The client's own part of them; null or absent where it was not measured. */
  readonly clientPhases?: OutcomePhases | null;
  readonly roundTripNanos?: Nanos | null;
  readonly tlsEnd?: 'apiserver' | 'gateway' | null;
  /** Body bytes of the response, as received. */
  readonly responseBytes?: number;
}

interface OutcomePhases {
  readonly connectNanos: Nanos | null;
  readonly tlsNanos: Nanos | null;
  readonly receiveNanos: Nanos | null;
}

/** Context of the findings, known in addition to the trace. Each part may be unknown: findings then say less, or are omitted. */
export interface FindingContext {
  readonly requests?: readonly RequestOutcome[];
  /** The admission webhooks that may have been called for the requests. */
  readonly webhooks?: readonly WebhookConfiguration[];
}
