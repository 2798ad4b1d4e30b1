import type { Clock } from '../../runtime.ts';
import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import type { EpochNanos, Nanos } from '../../trace/time.ts';
import type { Lookup, TraceBackend } from '../backend.ts';
import type { TraceLocation } from './locate.ts';
import type { RequestKeys } from './request-keys.ts';

/** A trace that is wanted whatever it is about: its ID is all that is known. */
export interface TraceKey {
  readonly traceID: TraceID;
}

/** A request whose trace is wanted, or a trace without a request. */
export interface WantedRequest {
  readonly keys: RequestKeys | TraceKey;
  /** When its response was complete. */
  readonly answeredAt: EpochNanos;
  /** False: looked up once at the end, and never waited for (discovery). */
  readonly awaited: boolean;
}

/** The spans of a request that have arrived so far. */
export interface Observation<R extends WantedRequest = WantedRequest> {
  readonly request: R;
  readonly found: TraceLocation;
  /** Everything in that trace, other requests of the command too. */
  readonly spans: readonly Span[];
  /** How long the trace has gained no span; time in which the backend did not respond is not counted. */
  readonly quietMillis: number;
  readonly sinceAnswerMillis: number;
}

/** A judge's decision about an observation. `waitingFor` is for the progress line. */
export interface LookupJudgement {
  readonly verdict: 'complete' | 'settled' | 'waiting';
  readonly waitingFor?: string;
}

export type Judge<J extends LookupJudgement, R extends WantedRequest = WantedRequest> = (
  observation: Observation<R>,
) => J;

/**
 * Why looking for a request ended. `looked-once` is the end of one that is not awaited; `given-up` is the caller's, who
 * has learned that nothing will come; `failed` is also the end where no connection could be made.
 */
export type LookupEnd = 'complete' | 'settled' | 'deadline' | 'given-up' | 'interrupted' | 'failed' | 'looked-once';

/** A look-up that went wrong. */
export type Problem = Extract<Lookup, { readonly status: 'unavailable' | 'failed' }>;

export interface FinishedLookup<J extends LookupJudgement, R extends WantedRequest = WantedRequest> {
  readonly request: R;
  readonly end: LookupEnd;
  /** Null when nothing was found; then there are no spans either. */
  readonly found: TraceLocation | null;
  readonly spans: readonly Span[];
  readonly judgement: J | null;
  /** The backend's own note about spans that it left out; absent for a complete trace. */
  readonly cut?: string;
  readonly polls: number;
  readonly waitedNanos: Nanos;
  /** The last look-up that went wrong; null when the last one went well. */
  readonly problem: Problem | null;
}

export interface LookupProgress {
  /** Spans of all requests together. */
  readonly spans: number;
  /** The services that they are of, in the order in which they came. */
  readonly services: readonly { readonly service: string; readonly spans: number }[];
  readonly polls: number;
  readonly waitedMillis: number;
  readonly waitingFor: string | undefined;
  /** Why the last poll got no response, of a backend that has never responded. */
  readonly problem?: Problem;
}

export interface AwaitTracesOptions<J extends LookupJudgement, R extends WantedRequest = WantedRequest> {
  readonly backend: TraceBackend;
  readonly clock: Clock;
  readonly requests: readonly R[];
  readonly judge: Judge<J, R>;
  /** No request is sent and nothing is awaited after this instant. */
  readonly deadline: EpochNanos;
  /** Interruption: what has arrived is returned at once. */
  readonly signal: AbortSignal;
  /**
   * Aborted by a caller who learns that the trace cannot exist: it is looked for once more, and then no longer. Ignored
   * once something of a request was found.
   */
  readonly giveUp?: AbortSignal;
  /** One poll, whatever comes of it. */
  readonly once?: boolean;
  /**
   * For how long a backend is tried to which no connection can be made, and which has never responded. In milliseconds;
   * until the deadline without it.
   */
  readonly connectMillis?: number | undefined;
  readonly onProgress?: (progress: LookupProgress) => void;
}

export interface AwaitedTraces<J extends LookupJudgement, R extends WantedRequest = WantedRequest> {
  /** In the order of the requests that were given. */
  readonly lookups: readonly FinishedLookup<J, R>[];
  readonly polls: number;
  readonly waitedNanos: Nanos;
  /** The backend has responded at least once, even if only that it has no trace. */
  readonly backendWorked: boolean;
  /** Spans that could not be decoded: the maximum of all responses. */
  readonly dropped: number;
}
