import { counted } from '../format/counted.ts';
import type { RequestInvocation } from '../commands/invocation.ts';
import { ExitCode, type TraceCommandError } from '../errors.ts';
import { clientRequest } from '../kube/http/client-request.ts';
import type { Cluster } from '../kube/http/exchange.ts';
import { kubectlLine } from '../kube/api/request-failure.ts';
import { userAgent } from '../kube/http/user-agent.ts';
import type { ErrorReport, Report } from '../report/report.ts';
import type { Runtime } from '../runtime.ts';
import { aboutCommand } from './about-command.ts';
import type { BackendChoice } from './backend/choose.ts';
import { recordSpans, type RecordTask } from './client-spans.ts';
import { commandName } from './command-name.ts';
import { errorReport } from './errors.ts';
import type { Journal } from './recorder.ts';
import { lookUpSent, nameFlowControl } from './lookup/sent-requests.ts';
import type { Output } from './output.ts';
import { printWarnings, publish } from './publish.ts';
import { belowAnswer, isInDocument } from './below-response.ts';
import { requestReport } from './request-report.ts';
import { toldCommand } from './command-report.ts';

/** A command whose requests are over. */
export interface Finished {
  readonly invocation: RequestInvocation;
  readonly cluster: Cluster;
  readonly journal: Journal;
  readonly choice: BackendChoice;
  readonly output: Output;
  /** What ended the command before all its requests were sent. */
  readonly failure: TraceCommandError | undefined;
  readonly version: string;
  /** Where the command's own spans go; undefined for nowhere. */
  readonly exportURL: string | undefined;
}

/** Looks for the traces of what was sent, then tells everything at once: the result on stdout, the rest on stderr. */
export async function finish(finished: Finished, runtime: Runtime): Promise<ExitCode> {
  const { lookup, draw } = finished.invocation;
  const separator = await printBefore(finished, runtime);
  const report = await finishedReport(finished, runtime);
  const output = separator === '' ? finished.output : belowAnswer(finished.output, separator);
  return (await publish(report, { output, history: lookup.history, redact: draw.redact }, runtime)) as ExitCode;
}

/** Warnings on standard error, the answer on standard output; what stands between that and the trace. */
async function printBefore(finished: Finished, runtime: Runtime): Promise<string> {
  // With pseudonyms they are told at the end, when it is known what is a name.
  if (!finished.invocation.draw.redact) printWarnings(finished.journal.exchanges, runtime);
  return printAnswer(finished, runtime);
}

/** Looks for the traces of what was sent; prints nothing. */
export async function finishedReport(finished: Finished, runtime: Runtime): Promise<Report> {
  const { journal, cluster, invocation } = finished;
  const bodyOf = isInDocument(invocation) ? (await import('./response.ts')).bodyOf : undefined;
  const sent = journal.exchanges.map((exchange) => ({
    ...requestReport(exchange, journal.startedAt),
    outcome: journal.outcomeOf(exchange),
    ...(bodyOf !== undefined && { body: bodyOf(exchange) }),
  }));
  const agent = userAgent(finished.version, journal.traceID);
  const command = { ...finished, command: journal, userAgent: agent };
  const [recorded, looked, names] = await Promise.all([
    recordSpans(recordTask(finished, agent), runtime),
    lookUpSent(sent, command, runtime),
    nameFlowControl(sent, command, runtime),
  ]);
  await recorded.exported;
  const error = requestError(finished) ?? warningsError(finished) ?? looked.error;
  return {
    toolVersion: finished.version,
    exitCode: runtime.interrupted.aborted ? ExitCode.interrupted : (error?.code ?? ExitCode.ok),
    ...aboutCommand(invocation, cluster, journal, looked.serverVersion),
    ...toldCommand(sent, recorded.spans, looked, { names, context: invocation.connection.context }),
    error,
  };
}

/** What `--show-response` asks for, unless it is in the document; "" when that was nothing. */
async function printAnswer(finished: Finished, runtime: Runtime): Promise<string> {
  const { invocation, cluster, journal } = finished;
  const { answer } = invocation.draw;
  if (answer === undefined || isInDocument(invocation)) return '';
  const { showAnswer } = await import('./print-response.ts');
  return showAnswer(invocation, answer, { cluster, journal, hasFailed: requestError(finished) !== null }, runtime);
}

function recordTask(
  { journal, cluster, invocation, version, failure, exportURL }: Finished,
  agent: string,
): RecordTask {
  return {
    command: journal,
    name: commandName(invocation),
    requests: journal.exchanges.map((exchange) => clientRequest(exchange, cluster.server, agent)),
    errorMessage: failure?.message ?? null,
    version,
    exportURL,
  };
}

/** kubectl's words (kubectl pkg/cmd/cmd.go). */
function warningsError({ journal, invocation }: Finished): ErrorReport | null {
  // Each once, as they are printed.
  const count = new Set(journal.exchanges.flatMap(({ warnings }) => warnings)).size;
  if (count === 0 || invocation.connection.warningsAsErrors !== true) return null;
  const message = `${counted(count, 'warning')} received`;
  return { code: ExitCode.requestFailed, reason: 'WarningsAsErrors', message, hint: 'the request itself succeeded' };
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
