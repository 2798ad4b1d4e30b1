import { analyse, type Analysis } from '../analysis/analyse.ts';
import { assemble, type FoundRequest } from '../analysis/assemble.ts';
import type { ClientTiming } from '../analysis/client-time.ts';
import type { BackendSpec } from '../backend/backend.ts';
import type { GetInvocation } from '../cli/invocation.ts';
import { ExitCode, type TraceCommandError } from '../errors.ts';
import { clientRequest } from '../kube/client-request.ts';
import type { Cluster, Exchange } from '../kube/exchange.ts';
import { requestFailure } from '../kube/request-failure.ts';
import { userAgent } from '../kube/user-agent.ts';
import { writeJSON } from '../render/json.ts';
import { chooseLook } from '../render/look.ts';
import type { ErrorReport, Report } from '../render/report.ts';
import { drawScreen } from '../render/screen.ts';
import type { Runtime } from '../runtime.ts';
import type { Span } from '../trace/span.ts';
import { between } from '../trace/time.ts';
import { commandName } from './command-name.ts';
import { errorReport, printError } from './failure.ts';
import type { Journal } from './journal.ts';
import { lookUp, type LookedUp } from './look-up.ts';
import { requestReport } from './request-report.ts';
import { worstVerdict } from './verdict.ts';

/** A command whose requests are over. */
export interface Finished {
  readonly invocation: GetInvocation;
  readonly cluster: Cluster;
  readonly journal: Journal;
  readonly spec: BackendSpec | undefined;
  /** What ended the command before all its requests were sent. */
  readonly failure: TraceCommandError | undefined;
  readonly version: string;
}

/** Looks for the traces of what was sent, then tells everything at once: the result on stdout, the rest on stderr. */
export async function finish(finished: Finished, runtime: Runtime): Promise<ExitCode> {
  const { journal, cluster, invocation } = finished;
  for (const exchange of journal.exchanges) {
    for (const warning of exchange.warnings) runtime.err.write(`Warning: ${warning}\n`);
  }
  const [clientSpans, looked] = await Promise.all([recordSpans(finished), lookUp(finished, runtime)]);
  const analysis = analysisOf(journal.exchanges, clientSpans, looked);
  const lookups = new Map(looked.requests.map(({ exchange, report }) => [exchange, report]));
  const requests = journal.exchanges.map((exchange) =>
    requestReport(exchange, lookups.get(exchange) ?? null, journal.startedAt),
  );
  const failure = requestError(finished);
  const error = failure ?? looked.error;
  const report: Report = {
    toolVersion: finished.version,
    exitCode: runtime.interrupted.aborted ? ExitCode.interrupted : (error?.code ?? ExitCode.ok),
    cluster: { context: cluster.contextName, server: cluster.server, version: looked.serverVersion },
    command: {
      verb: invocation.kind,
      args: invocation.args,
      traceID: journal.traceID,
      spanID: journal.spanID,
      startTime: journal.startedAt,
      durationNanos: between(journal.startedAt, journal.endedAt),
    },
    verdict: worstVerdict(requests),
    requests,
    backend: looked.backend,
    analysis,
    error,
  };
  write(report, finished, runtime);
  return report.exitCode as ExitCode;
}

async function recordSpans({ journal, cluster, invocation, version, failure }: Finished): Promise<readonly Span[]> {
  const { recordClientSpans } = await import('../propagation/client-span.ts');
  return recordClientSpans({
    traceID: journal.traceID,
    spanID: journal.spanID,
    name: commandName(invocation),
    start: journal.startedAt,
    end: journal.endedAt,
    errorMessage: failure?.message ?? null,
    version,
    requests: journal.exchanges.map((exchange) =>
      clientRequest(exchange, cluster.server, userAgent(version, journal.traceID)),
    ),
  });
}

function analysisOf(exchanges: readonly Exchange[], clientSpans: readonly Span[], looked: LookedUp): Analysis | null {
  const spans = new Map(clientSpans.map((span) => [span.spanID, span]));
  const timings: ClientTiming[] = [];
  for (const { context, phases, responseBytes, status } of exchanges) {
    const span = spans.get(context.spanID);
    if (span === undefined) continue;
    const { dnsNanos: dns, connectNanos: connect, tlsNanos: tls, receiveNanos: receive } = phases;
    timings.push({ span, dns, connect, tls, receive, responseBytes, answered: status !== null });
  }
  const found = looked.requests.flatMap(({ exchange, server, authentication, found: everything }): FoundRequest[] => {
    const client = spans.get(exchange.context.spanID);
    return client === undefined ? [] : [{ client, server, authentication, found: everything }];
  });
  const trace = assemble(clientSpans, timings, found);
  return trace === undefined ? null : analyse(trace);
}

/** The first request that failed, or what kept the others from being sent. */
function requestError({ journal, cluster, failure }: Finished): ErrorReport | null {
  if (failure !== undefined) return errorReport(failure);
  for (const exchange of journal.exchanges) {
    const failed = requestFailure(exchange, { contextName: cluster.contextName });
    if (failed !== undefined) {
      return {
        code: ExitCode.requestFailed,
        reason: failed.reason,
        message: failed.message,
        hint: failed.hint ?? null,
      };
    }
  }
  return null;
}

function write(report: Report, { invocation }: Finished, runtime: Runtime): void {
  if (invocation.draw.output === 'json') runtime.out.write(writeJSON(report));
  else runtime.out.write(drawScreen(report, chooseLook(invocation.draw, runtime.outTerminal, runtime.env)));
  if (report.error !== null) printError(report.error, runtime);
}
