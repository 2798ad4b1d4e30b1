import type { Platform } from '../platform.ts';
import { ExitCode, type TraceCommandError } from '../errors.ts';
import { counted } from '../format/counted.ts';
import type { DiscoveryCache } from '../kube/api/discovery-cache.ts';
import { kubectlLine } from '../kube/api/request-failure.ts';
import { clientRequest } from '../kube/http/client-request.ts';
import type { Cluster } from '../kube/http/exchange.ts';
import { userAgent } from '../kube/http/user-agent.ts';
import type { ClientRequest } from '../propagation/client-work.ts';
import type { ErrorReport, Report, RequestReport } from '../report/report.ts';
import type { CommonArguments } from '../cli/arguments.ts';
import { commandName, type CommandSpan } from './command-span.ts';
import { errorReport } from './errors.ts';
import { isUserRequest } from './lookup/is-awaited.ts';
import { isInDocument } from './output.ts';
import type { RequestRecorder } from './recorder.ts';
import type { MetricsReader } from './source/metrics/reader.ts';
import { requestReport } from './request-report.ts';

/** The requests of a command with their responses: all the input of a report. */
export interface SentRequests {
  readonly cluster: Cluster;
  readonly command: CommandSpan;
  /** The name of the command's span. */
  readonly spanName: string;
  /** The program that sent them, with its arguments; absent where this one did. */
  readonly ran?: readonly string[];
  readonly requests: readonly RequestReport[];
  /** For the client spans. */
  readonly clientRequests: readonly ClientRequest[];
  /** Different for each command; null where others have the same. */
  readonly userAgent: string | null;
  /** The error of the command's span; null without one. */
  readonly errorMessage: string | null;
  /** Reads the API server's metrics, where that began before the last request; undefined where it did not. */
  readonly metrics?: MetricsReader | undefined;
  /** Whether the look-up goes on until this request's trace is complete. */
  isAwaited(request: RequestReport): boolean;
  /** How the command ends. `lookupError`: the error that prevented a trace from being found. */
  conclude(lookupError: ErrorReport | null): Pick<Report, 'exitCode' | 'error'>;
}

/** The requests that this program sent itself. */
export interface RecordedRequests extends SentRequests {
  readonly recorder: RequestRecorder;
  readonly cache: DiscoveryCache;
  /** Error that ended the command before all its requests were sent. */
  readonly failure: TraceCommandError | undefined;
  /** A request failed, or could not be sent. */
  readonly hasFailed: boolean;
}

interface Recorded {
  readonly metrics: MetricsReader | undefined;
  readonly cache: DiscoveryCache;
  readonly invocation: CommonArguments;
  readonly cluster: Cluster;
  readonly recorder: RequestRecorder;
  readonly failure: TraceCommandError | undefined;
  readonly version: string;
  readonly platform: Platform;
  readonly interrupted: AbortSignal;
}

/** Describes what a recorder has sent, for the report. */
export async function recordedRequests(recorded: Recorded): Promise<RecordedRequests> {
  const { invocation, cluster, recorder, cache, failure, version, platform, interrupted, metrics } = recorded;
  const agent = userAgent(version, recorder.traceID, platform);
  const bodyOf = isInDocument(invocation.draw) ? (await import('./response.ts')).bodyOf : undefined;
  const error = requestError(recorder, failure);
  return {
    cluster,
    command: recorder,
    recorder,
    cache,
    failure,
    hasFailed: error !== null,
    spanName: commandName(invocation),
    requests: recorder.exchanges.map((exchange) => ({
      ...requestReport(exchange, recorder.startedAt),
      outcome: recorder.outcomeOf(exchange),
      ...(bodyOf !== undefined && { body: bodyOf(exchange) }),
    })),
    clientRequests: recorder.exchanges.map((exchange) => clientRequest(exchange, cluster.server, agent)),
    userAgent: agent,
    errorMessage: failure?.message ?? null,
    metrics,
    isAwaited: isUserRequest,
    conclude: (lookupError) => {
      const first = error ?? warningsError(recorder, invocation) ?? lookupError;
      return { exitCode: interrupted.aborted ? ExitCode.interrupted : (first?.code ?? ExitCode.ok), error: first };
    },
  };
}

/** kubectl's words (kubectl pkg/cmd/cmd.go). */
function warningsError({ exchanges }: RequestRecorder, { connection }: CommonArguments): ErrorReport | null {
  // Each once, as they are printed.
  const count = new Set(exchanges.flatMap(({ warnings }) => warnings)).size;
  if (count === 0 || connection.warningsAsErrors !== true) return null;
  const message = `${counted(count, 'warning')} received`;
  return { code: ExitCode.requestFailed, reason: 'WarningsAsErrors', message, hint: 'the request itself succeeded' };
}

/**
 * The first request that failed, with a line about each other one; or the error that prevented the others from being
 * sent.
 */
function requestError(recorder: RequestRecorder, failure: TraceCommandError | undefined): ErrorReport | null {
  if (failure !== undefined) return errorReport(failure);
  const [first, ...others] = recorder.exchanges.flatMap((exchange) => recorder.failureOf(exchange) ?? []);
  if (first === undefined) return null;
  const { reason, message, hint = null } = first;
  const details = others.map((other) => kubectlLine(other.message));
  return { code: ExitCode.requestFailed, reason, message, hint, ...(details.length > 0 && { details }) };
}
