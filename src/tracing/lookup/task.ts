import type { Judgement } from '../../analysis/completeness/judge.ts';
import type { ServerSpans } from '../../analysis/completeness/server-spans.ts';
import type { TraceBackend } from '../../backend/backend.ts';
import type { LookupJudgement, WantedRequest } from '../../backend/find/lookup.ts';
import type { RequestKeys } from '../../backend/find/request-keys.ts';
import type { LookupFlags } from '../../cli/options/lookup.ts';
import type { Cluster } from '../../kube/http/exchange.ts';
import type { ErrorReport, LookupReport, Report, RequestReport } from '../../report/report.ts';
import type { SpanID, TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import type { EpochNanos } from '../../trace/time.ts';
import type { TraceInput } from '../../trace/trace.ts';
import type { BackendChoice } from '../backend/choice.ts';
import type { ClusterDetails, PredictionResult, PredictionTask, RunningPrediction } from './prediction.ts';
import type { ServerDetails } from './server-details.ts';

/** A command's requests, over; all that is needed to look for their traces, now or another day. */
export interface LookupTask {
  readonly requests: readonly RequestReport[];
  readonly traceID: TraceID;
  /** The command's own span, and its parent in another client's trace. */
  readonly spanID: SpanID | null;
  readonly parentSpanID: SpanID | null;
  readonly startedAt: EpochNanos;
  /** As it was typed, for what a user may type next. */
  readonly command: string;
  /** Sent with every request, and by no other command; null where others have the same. */
  readonly userAgent: string | null;
  readonly choice: BackendChoice;
  /** Opens the cluster for a backend that is in it; undefined where there is none. */
  readonly clusterOf: () => Promise<Cluster | undefined>;
  readonly flags: LookupFlags;
  readonly deadline: EpochNanos;
  /** So old that all its spans have arrived: the first look at the trace is the last. */
  readonly past: boolean;
  /** Whether the look-up goes on until this request's trace is complete. */
  readonly isAwaited: (request: RequestReport) => boolean;
  /** Facts about the server that are known without a query. */
  readonly server: ServerDetails | null;
  /** Resolves with true when another source proves that the API server traces nothing. Never rejects. */
  readonly untraced?: Promise<boolean> | undefined;
  /** Finds out, meanwhile, whether there can be a trace. */
  readonly predict?: (task: PredictionTask) => RunningPrediction;
}

export interface RequestLookup {
  readonly sent: RequestReport;
  /** The verdict of the command is that of these. */
  readonly awaited: boolean;
  readonly webhooks: RequestReport['webhooks'];
  readonly server: ServerSpans | undefined;
  readonly authentication?: Span | undefined;
  readonly found: readonly Span[];
  /** Rows from the API server's metrics, where it reported no spans. */
  readonly measured?: readonly TraceInput[];
  /** Rows of admission plug-ins from those metrics, where it reported spans. */
  readonly plugins?: readonly TraceInput[];
  /** Names that those metrics have. */
  readonly flowControl?: Pick<RequestReport, 'priorityLevel' | 'flowSchema'> | undefined;
  readonly report: LookupReport;
}

/** Result of the look-up of a command's traces. */
export interface LookupResult {
  /** The reading of the API server's metrics before the first request, which that delayed. */
  readonly readBefore?: Pick<Span, 'name' | 'start' | 'end'> | undefined;
  readonly requests: readonly RequestLookup[];
  readonly backend: Report['backend'];
  readonly serverVersion: string | null;
  readonly error: ErrorReport | null;
  /** Why the API server's metrics show none of the requests, where no trace was found either. A line for people. */
  readonly unmeasured?: string | undefined;
}

export interface Wanted extends WantedRequest {
  readonly keys: RequestKeys;
  readonly sent: RequestReport;
}

/** Result of the completeness analysis, and the verdict that the poller needs. */
export interface TraceJudgement extends LookupJudgement {
  readonly analysis: Judgement;
}

/** How a look-up was made, and what is known of the cluster at its end. */
export interface LookupContext extends ClusterDetails, PredictionResult {
  readonly task: LookupTask;
  readonly backend: TraceBackend;
  readonly authentications: ReadonlyMap<RequestReport, Span>;
  /** Another source has proved meanwhile that the API server traces nothing. */
  readonly isUntraced: boolean;
}
