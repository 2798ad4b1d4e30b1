import { counted } from '../../format/counted.ts';
import type { RunInvocation } from './arguments.ts';
import { ExitCode } from '../../errors.ts';
import { clientRequest } from '../../kube/http/client-request.ts';
import type { Cluster } from '../../kube/http/exchange.ts';
import { abandoned } from '../../proxy/forward.ts';
import type { ErrorReport, Report } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import { aboutCommand } from '../../tracing/about-command.ts';
import type { BackendChoice } from '../../tracing/backend/choose.ts';
import { recordSpans } from '../../tracing/client-spans.ts';
import { ranName } from '../../tracing/command-name.ts';
import { lookUpSent, nameFlowControl } from '../../tracing/lookup/sent-requests.ts';
import { publish } from '../../tracing/publish.ts';
import type { RelayJournal } from './relay-recorder.ts';
import { requestReport } from '../../tracing/request-report.ts';
import { toldCommand } from '../../tracing/command-report.ts';
import type { TraceOutput } from './trace-output.ts';

/** A command that was run and has ended. */
export interface Ran {
  readonly invocation: RunInvocation;
  readonly cluster: Cluster;
  readonly journal: RelayJournal;
  /** Its exit code. */
  readonly code: number;
  readonly choice: BackendChoice;
  readonly exportURL: string | undefined;
  readonly version: string;
  readonly target: TraceOutput;
}

/** Looks for the traces of everything that the command has sent, and tells them as one tree. Resolves with the exit code. */
export async function finishRun(ran: Ran, runtime: Runtime): Promise<number> {
  const { invocation, cluster, journal, code, choice, target, version } = ran;
  if (journal.exchanges.length === 0) {
    if (journal.refused === 0) runtime.err.write(`note: ${NO_REQUEST}\n`);
    return code;
  }
  if (journal.notKept > 0) {
    runtime.err.write(
      `note: only the first ${counted(journal.exchanges.length, 'request')} shown; ${counted(journal.notKept, 'more was', 'more were')} passed on, and not kept\n`,
    );
  }
  const sent = journal.exchanges.map((exchange) => requestReport(exchange, journal.startedAt));
  const command = { invocation, cluster, command: journal, choice, userAgent: null };
  const [recorded, looked, names] = await Promise.all([
    recordSpans(
      {
        command: journal,
        name: ranName(invocation),
        requests: journal.exchanges.map((exchange) => clientRequest(exchange, cluster.server, exchange.userAgent)),
        errorMessage: code === 0 ? null : `exit status ${code}`,
        version,
        exportURL: ran.exportURL,
      },
      runtime,
    ),
    lookUpSent(sent, command, target.runtime),
    nameFlowControl(sent, command, runtime),
  ]);
  await recorded.exported;
  const report: Report = {
    toolVersion: version,
    // The command's own; that its trace is not whole counts where somebody asks for it.
    exitCode: code === 0 && looked.error?.code === ExitCode.incomplete ? ExitCode.incomplete : code,
    ...aboutCommand(invocation, cluster, journal, looked.serverVersion),
    ...toldCommand(sent, recorded.spans, looked, { names, context: invocation.connection.context }),
    error: code === 0 ? looked.error : (unreachable(journal) ?? looked.error),
  };
  const { output } = target;
  const { lookup, draw } = invocation;
  return publish(report, { output, history: lookup.history, redact: draw.redact }, target.runtime);
}

/** Why the API server was not reached: clients have their own words for that, which are about the proxy. */
function unreachable({ exchanges }: RelayJournal): ErrorReport | null {
  const error = exchanges.findLast(({ status }) => status !== null) === undefined ? exchanges.at(-1)?.error : undefined;
  if (error == null || error === abandoned) return null;
  const { reason, message, hint = null } = error;
  return { code: ExitCode.requestFailed, reason, message, hint };
}

const NO_REQUEST =
  'the command has sent nothing through the proxy; does it read another kubeconfig than that of KUBECONFIG?';
