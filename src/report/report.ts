import type { Analysis } from '../analysis/analyse.ts';
import type { WebhookConfiguration } from '../analysis/webhook-configuration.ts';
import type { SpanID, TraceID } from '../trace/ids.ts';
import type { EpochNanos, Nanos } from '../trace/time.ts';
import type { JSONObject, JSONValue } from './json-value.ts';

/** Completeness of a request's trace; from best to worst. `measured`: no spans, but the stages that the metrics show. */
export const VERDICTS = ['complete', 'settled', 'measured', 'partial', 'missing'] as const;
export type Verdict = (typeof VERDICTS)[number];
/** `skipped`: not looked for (--wait 0). */
export type ReportVerdict = Verdict | 'skipped';

/** `metrics`: by exemplars with our trace ID in the API server's metrics. */
export const FOUND_BY = [
  'trace-id',
  'link',
  'audit-id',
  'fingerprint',
  'metrics',
  'audit-log',
  'apiserver-log',
] as const;
export type FoundBy = (typeof FOUND_BY)[number];

/**
 * Expectation of the server before the look-up: does it accept our trace ID, and does it sample on its own? `untraced`:
 * its tracing is off.
 */
export const PREDICTIONS = ['kept', 're-rooted-sampled', 're-rooted-unsampled', 'untraced', 'unknown'] as const;
export type Prediction = (typeof PREDICTIONS)[number];

export interface MissingSpan {
  readonly parentSpanID: SpanID | null;
  readonly name: string;
  readonly kind: string;
  readonly service: string;
}

export interface Reason {
  readonly code: string;
  readonly message: string;
  readonly spanIDs: readonly SpanID[];
}

/** One of several API servers. */
export interface ServedBy {
  /** `service.instance.id` of its spans. */
  readonly instanceID: string;
  /** Host name of the machine it runs on; null when not known. */
  readonly host: string | null;
  /** How many there are, this one included; at least 2. */
  readonly replicas: number;
}

/** How one request's trace was looked for, and what came of it. */
export interface LookupReport {
  readonly prediction: Prediction | null;
  /** Did the server continue our trace? Null when no server span was found. */
  readonly contextKept: boolean | null;
  /** The trace that the server's spans are in; ours, unless the server started its own. */
  readonly traceID: TraceID | null;
  readonly foundBy: FoundBy | null;
  /** Null where there is one API server, or it is not known which one responded. */
  readonly servedBy: ServedBy | null;
  readonly verdict: ReportVerdict;
  /** Number of spans of a complete trace of this request, as far as known. */
  readonly expected: number | null;
  readonly received: number;
  readonly missing: readonly MissingSpan[];
  readonly reasons: readonly Reason[];
  readonly polls: number;
  readonly waitedNanos: Nanos;
}

/** Durations of the phases of a request; null for those that did not take place. */
export interface PhaseTimes {
  readonly dnsNanos: Nanos | null;
  readonly connectNanos: Nanos | null;
  readonly tlsNanos: Nanos | null;
  readonly sendNanos: Nanos | null;
  readonly waitNanos: Nanos | null;
  readonly receiveNanos: Nanos | null;
}

export const TLS_ENDS = ['apiserver', 'gateway'] as const;
export type TLSEnd = (typeof TLS_ENDS)[number];

export interface RequestReport {
  readonly purpose: 'request' | 'discovery' | 'identity';
  readonly spanID: SpanID;
  readonly auditID: string | null;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly group: string | null;
  readonly version: string | null;
  readonly resource: string | null;
  readonly subresource: string | null;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly startOffsetNanos: Nanos;
  readonly durationNanos: Nanos;
  readonly phases: PhaseTimes;
  /** The part of each phase in which the client was at work, or waited for a CPU; null or absent where not measured. */
  readonly clientPhases?: PhaseTimes | null;
  /** The shortest round trip that was measured on the connection; null or absent where none was. */
  readonly roundTripNanos?: Nanos | null;
  /** How long after its first byte each tenth of the response was in, but for the last; null or absent for a short one. */
  readonly receivedNanos?: readonly Nanos[] | null;
  /** The end of the TLS connection; null or absent where that is not known. */
  readonly tlsEnd?: TLSEnd | null;
  /** How long a stream was only open, after its initial part; null or absent for other responses. */
  readonly openNanos?: Nanos | null;
  readonly connectionReused: boolean;
  readonly status: number | null;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Names where they are known, else the UIDs from the response. */
  readonly flowSchema: string | null;
  readonly priorityLevel: string | null;
  readonly warnings: readonly string[];
  readonly error: { readonly reason: string; readonly message: string } | null;
  /** Objects in the response: the items of a list, 1 for a single object, null for anything else. */
  readonly objectCount: number | null;
  /** kubectl's own line about a write: `configmap/web created`. */
  readonly outcome?: string | null;
  /** Nothing was stored. */
  readonly dryRun?: boolean;
  /** A token was requested for another object too; null or absent when that is not known. Not in the JSON. */
  readonly boundObject?: boolean | null;
  /** Webhooks whose rules match a write, called or not; empty for reads, null or absent when that is not known. */
  readonly webhooks?: readonly WebhookConfiguration[] | null;
  /** The server's response, where it was requested. */
  readonly body?: JSONValue;
  readonly lookup: LookupReport | null;
}

export interface ErrorReport {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly hint: string | null;
  /** Lines for people, between message and hint. Not in the JSON. */
  readonly details?: readonly string[];
  /** Another program has printed the cause on standard error, so that it is not printed again. Not in the JSON. */
  readonly isPrinted?: true;
}

/** A trace that was opened without a request of this command. */
export interface ShownTrace {
  /** `spans.json`, `standard input`; a backend's kind. */
  readonly from: string;
  /** How long the backend was queried; null without a backend. */
  readonly waitedNanos: Nanos | null;
}

/** Everything that a command reports. Every renderer is a pure function of it. */
export interface Report {
  /** Where the report was read from a document: that document, which is printed again as it was. */
  readonly document?: JSONObject;
  readonly toolVersion: string;
  readonly exitCode: number;
  readonly cluster: {
    readonly context: string | null;
    readonly server: string | null;
    readonly version: string | null;
  };
  readonly command: {
    readonly verb: string | null;
    readonly args: readonly string[];
    /** The program that sent the requests, with its arguments; null or absent where kubectl trace sent them. */
    readonly ran?: readonly string[] | null;
    readonly traceID: TraceID | null;
    readonly spanID: SpanID | null;
    /** Span of the process that started the command, where the trace is that process's; null or absent otherwise. */
    readonly parentSpanID?: SpanID | null;
    readonly startTime: EpochNanos | null;
    readonly durationNanos: Nanos | null;
  };
  readonly verdict: ReportVerdict | null;
  readonly requests: readonly RequestReport[];
  /** For people: not in the JSON. */
  readonly shown?: ShownTrace;
  readonly backend: { readonly kind: string; readonly url: string; readonly traceURL: string | null } | null;
  /** Null when nothing was sent. */
  readonly analysis: Analysis | null;
  readonly error: ErrorReport | null;
}
