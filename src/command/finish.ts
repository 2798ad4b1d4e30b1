import type { BackendSpec } from '../backend/backend.ts';
import type { RequestInvocation } from '../cli/invocation.ts';
import { ExitCode, type TraceCommandError } from '../errors.ts';
import { clientRequest } from '../kube/client-request.ts';
import type { Cluster } from '../kube/exchange.ts';
import type { NamesByUID } from '../kube/flow-control.ts';
import { openFlowControlCache } from '../kube/flow-control-cache.ts';
import { kubectlLine } from '../kube/request-failure.ts';
import { userAgent } from '../kube/user-agent.ts';
import type { ErrorReport, Report, RequestReport } from '../render/report.ts';
import type { Runtime } from '../runtime.ts';
import type { Span } from '../trace/span.ts';
import { after, between } from '../trace/time.ts';
import { watchAdmission } from './admission.ts';
import { commandName } from './command-name.ts';
import { errorReport } from './failure.ts';
import { watchPrediction } from './forecast.ts';
import { flowControlNamesOf } from './flow-control.ts';
import type { Journal } from './journal.ts';
import { lookUp } from './look-up.ts';
import type { LookedUp } from './looked-up.ts';
import type { Output } from './output.ts';
import { printWarnings, publish } from './publish.ts';
import { belowAnswer, isInDocument } from './below-answer.ts';
import { requestReport } from './request-report.ts';
import { toldCommand } from './told-command.ts';

/** A command whose requests are over. */
export interface Finished {
  readonly invocation: RequestInvocation;
  readonly cluster: Cluster;
  readonly journal: Journal;
  readonly spec: BackendSpec | undefined;
  readonly output: Output;
  /** What ended the command before all its requests were sent. */
  readonly failure: TraceCommandError | undefined;
  readonly version: string;
}

/** Looks for the traces of what was sent, then tells everything at once: the result on stdout, the rest on stderr. */
export async function finish(finished: Finished, runtime: Runtime): Promise<ExitCode> {
  const { journal, cluster, invocation } = finished;
  // With pseudonyms they are told at the end, when it is known what is a name.
  if (!invocation.draw.redact) printWarnings(journal.exchanges, runtime);
  const separator = await printAnswer(finished, runtime);
  const bodyOf = isInDocument(invocation) ? (await import('./answer.ts')).bodyOf : undefined;
  const sent = journal.exchanges.map((exchange) => ({
    ...requestReport(exchange, journal.startedAt),
    outcome: journal.outcomeOf(exchange),
    ...(bodyOf !== undefined && { body: bodyOf(exchange) }),
  }));
  const [clientSpans, looked, names] = await Promise.all([
    recordSpans(finished),
    lookUpSent(sent, finished, runtime),
    nameFlowControl(sent, finished, runtime),
  ]);
  const error = requestError(finished) ?? looked.error;
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
    ...toldCommand(sent, clientSpans, looked, names),
    error,
  };
  const output = separator === '' ? finished.output : belowAnswer(finished.output, separator);
  const { lookup, draw } = invocation;
  return publish(report, { output, history: lookup.history, redact: draw.redact }, runtime);
}

/** What `--show-response` asks for, unless it is in the document; "" when that was nothing. */
async function printAnswer(finished: Finished, runtime: Runtime): Promise<string> {
  const { invocation, cluster, journal } = finished;
  const { answer } = invocation.draw;
  if (answer === undefined || isInDocument(invocation)) return '';
  const { showAnswer } = await import('./show-answer.ts');
  return showAnswer(invocation, answer, { cluster, journal, hasFailed: requestError(finished) !== null }, runtime);
}

function lookUpSent(sent: readonly RequestReport[], finished: Finished, runtime: Runtime): Promise<LookedUp> {
  const { journal, cluster, invocation, spec, version } = finished;
  const { lookup: flags } = invocation;
  return lookUp(
    {
      requests: sent,
      traceID: journal.traceID,
      startedAt: journal.startedAt,
      command: commandName(invocation),
      userAgent: userAgent(version, journal.traceID),
      spec,
      flags,
      deadline: after(journal.endedAt, flags.wait),
      past: false,
      server: null,
      predict: async (watch) => {
        const admission = watchAdmission(watch, { cluster, requests: sent }, runtime);
        await watchPrediction(watch, { cluster, explicit: flags.waitIsExplicit }, runtime);
        await admission;
      },
    },
    runtime,
  );
}

/** Who does not wait for a trace does not wait for names either. */
function nameFlowControl(
  requests: readonly RequestReport[],
  { cluster, invocation: { connection, lookup } }: Finished,
  runtime: Runtime,
): Promise<NamesByUID> {
  const cache = openFlowControlCache(connection, cluster.server, runtime);
  return flowControlNamesOf({ requests, cluster, cache, ask: lookup.wait > 0 }, runtime);
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

/** The first request that failed, with a line about each other one; or what kept the others from being sent. */
function requestError({ journal, failure }: Finished): ErrorReport | null {
  if (failure !== undefined) return errorReport(failure);
  const [first, ...others] = journal.exchanges.flatMap((exchange) => journal.failureOf(exchange) ?? []);
  if (first === undefined) return null;
  const { reason, message, hint = null } = first;
  const details = others.map((other) => kubectlLine(other.message));
  return { code: ExitCode.requestFailed, reason, message, hint, ...(details.length > 0 && { details }) };
}
