import type { BackendSpec } from '../../backend/backend.ts';
import { parseBackendSpec } from '../../backend/spec.ts';
import type { LookupFlags } from '../../cli/options/lookup.ts';
import type { ShowInvocation } from './arguments.ts';
import { ExitCode } from '../../errors.ts';
import { clusterFlags } from '../../format/cluster-flags.ts';
import { userAgent } from '../../kube/http/user-agent.ts';
import type { ErrorReport, Report } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import { after, between, nanosFromMillis, type EpochNanos, type Nanos } from '../../trace/time.ts';
import { isAwaitedOfClient, isUserRequest } from '../../tracing/lookup/is-awaited.ts';
import type { BackendChoice } from '../../tracing/backend/choice.ts';
import { commandName } from '../../tracing/command-span.ts';
import { lookUp } from '../../tracing/lookup/find-traces.ts';
import type { LookupResult, LookupTask } from '../../tracing/lookup/task.ts';
import { stillServedBy } from '../../tracing/lookup/served-by.ts';
import { PAST } from '../../analysis/completeness/settled.ts';
import { commandReport, readBeforeOf } from '../../tracing/command-report.ts';
import { withStoredRows } from '../../tracing/source/metrics/stored-rows.ts';

/** A stored command that sent something. */
interface Sent {
  readonly traceID: TraceID;
  readonly startedAt: EpochNanos;
  readonly durationNanos: Nanos;
  readonly choice: BackendChoice;
}

/** The requests had responses, and their traces may have grown since then. */
export function sentBefore(report: Report, given: BackendChoice): Sent | undefined {
  const { command, requests, verdict, backend, analysis } = report;
  const { traceID, startTime, durationNanos } = command;
  if (traceID === null || startTime === null || durationNanos === null || analysis === null) return undefined;
  if (verdict === 'complete' || verdict === 'settled') return undefined;
  if (!requests.some(({ purpose, status }) => purpose === 'request' && status !== null)) return undefined;
  const choice = given.spec === undefined ? chosenBefore(backend, given) : given;
  return choice === undefined ? undefined : { traceID, startedAt: startTime, durationNanos, choice };
}

/** The backend of that time; there is nothing new to learn of one that did not respond. */
function chosenBefore(backend: Report['backend'], given: BackendChoice): BackendChoice | undefined {
  return backend === null ? undefined : { ...given, spec: specOf(backend) };
}

/** A serve may have ended since, or listen elsewhere: it is looked for again. */
function specOf({ kind, url }: NonNullable<Report['backend']>): BackendSpec {
  return parseBackendSpec(kind === 'local' ? kind : kind === 'unknown' ? url : `${kind}=${url}`);
}

/** Where what there is has arrived long since: time for a search of every kind, and no more. */
const SHORT_WAIT = nanosFromMillis(5000);

/**
 * Looks for the traces of a command of before, by the same keys; nothing is sent to the cluster. What was known without
 * a backend stays: the command, its requests, whether they failed, and rows from the API server's metrics. A command
 * that is measured stays as it is where no span is found.
 */
export async function lookAgain(
  report: Report,
  sent: Sent,
  invocation: ShowInvocation,
  clusterOf: LookupTask['clusterOf'],
  runtime: Runtime,
): Promise<Report> {
  const { traceID, startedAt, durationNanos, choice } = sent;
  const { command, cluster } = report;
  const now = runtime.clock.now();
  const past = between(after(startedAt, durationNanos), now) >= PAST;
  // Whether a server samples does not change from one minute to the next.
  const flags = waitOf(invocation.lookup, past || report.error?.reason === 'TraceNotSampled');
  const requests = report.requests.map((request) => ({ ...request, lookup: null }));
  const clientSpans = clientSpansOf(report);
  const isAwaited = command.verb === 'run' ? isAwaitedOfClient(requests) : isUserRequest;
  const found = await lookUp(
    {
      requests,
      traceID,
      spanID: command.spanID,
      parentSpanID: command.parentSpanID ?? null,
      startedAt,
      command: commandName(command),
      userAgent:
        command.verb === 'run'
          ? null
          : (userAgentOf(clientSpans) ?? userAgent(report.toolVersion, traceID, runtime.platform)),
      choice,
      clusterOf,
      flags,
      deadline: after(now, flags.wait),
      past,
      isAwaited,
      server: { gitVersion: cluster.version, minor: minorOf(cluster.version), identity: null },
      untraced: Promise.resolve(isUntraced(report)),
    },
    runtime,
  );
  if (report.verdict === 'measured' && found.requests.every((one) => one.found.length === 0)) return report;
  const lookedUp = {
    ...withStoredRows(found, report, { requests, flags, isAwaited }),
    readBefore: readBeforeOf(report),
  };
  const error = errorOf(report, lookedUp);
  const { document: _, ...known } = report;
  const updated = commandReport(requests, clientSpans, lookedUp, { flags: clusterFlags(command.args) });
  return {
    ...known,
    exitCode: runtime.interrupted.aborted ? ExitCode.interrupted : exitCodeOf(report, error),
    ...updated,
    requests: updated.requests.map((request, index) => stillServedBy(request, report.requests[index])),
    error,
  };
}

/** No API server was traced; only the servers that it called may have reported spans since. */
const isUntraced = ({ requests }: Report): boolean =>
  requests.every(({ status, lookup }) => status === null || lookup?.prediction === 'untraced');

/** The exit code of the other program stays, whatever is found of its traces. */
const exitCodeOf = ({ command, exitCode }: Report, error: ErrorReport | null): number =>
  command.verb === 'run' ? exitCode : (error?.code ?? ExitCode.ok);

/** A request that failed has failed; and why there can be no trace says more than that there is none. */
function errorOf({ error: before }: Report, { error: now }: LookupResult): ErrorReport | null {
  if (before?.code === ExitCode.requestFailed) return before;
  return before?.reason === 'TraceNotSampled' && now?.reason === 'TraceNotFound' ? before : now;
}

function waitOf(flags: LookupFlags, hopeless: boolean): LookupFlags {
  return hopeless && !flags.waitIsExplicit && flags.wait > SHORT_WAIT
    ? { ...flags, wait: SHORT_WAIT, waitIsDefault: false }
    : flags;
}

/** The command's own spans as they were recorded, without the rows that explain them. */
export function clientSpansOf({ analysis, command, requests }: Report): Span[] {
  const own = new Set<string | null>([command.spanID, ...requests.map(({ spanID }) => spanID)]);
  const client = analysis?.trace.spans.filter(({ source, spanID }) => source === 'client' && own.has(spanID)) ?? [];
  return client.map(({ span }) => span);
}

function userAgentOf(spans: readonly Span[]): string | undefined {
  const found = spans.map(({ attributes }) => attributes['user_agent.original']).find((item) => item !== undefined);
  return typeof found === 'string' ? found : undefined;
}

/** 37 for `v1.37.2` or `v1.37.0-gke.1`; null for what is not a version of Kubernetes 1. */
function minorOf(gitVersion: string | null): number | null {
  const minor = /^v1\.(\d+)/.exec(gitVersion ?? '')?.[1];
  return minor === undefined ? null : Number(minor);
}
