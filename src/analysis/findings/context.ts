import type { SpanID } from '../../trace/ids.ts';
import type { Nanos } from '../../trace/time.ts';
import type { WebhookConfiguration } from '../webhook-configuration.ts';

/** What the client knows of one of its requests. A request's report is one. */
export interface RequestOutcome {
  /** The request's client span. */
  readonly spanID: SpanID;
  readonly purpose: 'request' | 'discovery' | 'identity';
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Null when no answer came. */
  readonly status: number | null;
  /** Null for an answer that is not an object. */
  readonly objectCount: number | null;
  /** Names, or UIDs where names are not known. */
  readonly flowSchema: string | null;
  readonly priorityLevel: string | null;
  readonly phases: {
    readonly connectNanos: Nanos | null;
    readonly tlsNanos: Nanos | null;
    readonly receiveNanos: Nanos | null;
  };
}

/** What is known beside the trace. All of it may be unknown: findings then say less, or are not made. */
export interface FindingFacts {
  readonly requests?: readonly RequestOutcome[];
  /** The admission webhooks that the requests may have met. */
  readonly webhooks?: readonly WebhookConfiguration[];
}
