import { ExitCode } from '../../errors.ts';
import { clientRequest } from '../../kube/http/client-request.ts';
import type { Cluster } from '../../kube/http/exchange.ts';
import { abandoned } from '../../proxy/forward.ts';
import type { ErrorReport } from '../../report/report.ts';
import { isAwaitedOfClient } from '../../tracing/lookup/is-awaited.ts';
import { requestReport } from '../../tracing/request-report.ts';
import type { SentRequests } from '../../tracing/sent-requests.ts';
import type { RelayedInvocation } from './arguments.ts';
import type { RelayRecorder } from './relay-recorder.ts';

/** Describes the requests of a command that has ended with the exit code `code`. */
export function relayedRequests(
  { ran }: Pick<RelayedInvocation, 'ran'>,
  { cluster, recorder, code }: { readonly cluster: Cluster; readonly recorder: RelayRecorder; readonly code: number },
): SentRequests {
  const requests = recorder.exchanges.map((exchange) => requestReport(exchange, recorder.startedAt));
  return {
    cluster,
    command: recorder,
    spanName: ran.join(' '),
    ran,
    requests,
    clientRequests: recorder.exchanges.map((exchange) => clientRequest(exchange, cluster.server, exchange.userAgent)),
    userAgent: null,
    errorMessage: code === 0 ? null : `exit status ${code}`,
    isAwaited: isAwaitedOfClient(requests),
    conclude: (lookupError) => ({
      // The exit code is the command's, unless --require-complete was given and the trace is not complete.
      exitCode: code === 0 && lookupError?.code === ExitCode.incomplete ? ExitCode.incomplete : code,
      error: code === 0 ? lookupError : (unreachable(recorder) ?? ofFailed(lookupError)),
    }),
  };
}

/** Nothing says that a request has failed where the command has: it may have wanted something else. */
const ofFailed = (error: ErrorReport | null): ErrorReport | null =>
  error && { ...error, message: error.message.replace(/^the request succeeded, but /, 'the command failed, and ') };

/** Why the API server was not reached: clients have their own words for that, which are about the proxy. */
function unreachable({ exchanges }: RelayRecorder): ErrorReport | null {
  const error = exchanges.findLast(({ status }) => status !== null) === undefined ? exchanges.at(-1)?.error : undefined;
  if (error == null || error === abandoned) return null;
  const { reason, message, hint = null } = error;
  return { code: ExitCode.requestFailed, reason, message, hint };
}
