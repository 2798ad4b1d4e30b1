import { programName } from '../../format/program-name.ts';
import { counted } from '../../format/counted.ts';
import { FIRST_TRUSTING_MINOR, TRUSTED_GROUPS, acceptsContext } from '../../analysis/prediction.ts';
import { ExitCode } from '../../errors.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import { EXPORT_INTERVAL_MILLIS } from '../../analysis/completeness/judge.ts';
import type { BackendKind } from '../../backend/backend.ts';
import { KINDS, searchLagMillis } from '../../backend/kinds.ts';
import type { ErrorReport, Prediction } from '../../report/report.ts';
import { nanosFromMillis, type Nanos } from '../../trace/time.ts';
import type { TraceID } from '../../trace/ids.ts';
import type { ServerDetails } from './server-details.ts';

/** A look-up that ended without a trace. */
export interface NoTrace {
  readonly traceID: TraceID;
  readonly server: ServerDetails;
  readonly prediction: Prediction;
  /** How often the backend was queried for traces that the server sampled on its own, and how many it had. */
  readonly evidence: { readonly searches: number; readonly count: number; readonly tookNanos: Nanos } | null;
  readonly backend: { readonly kind: BackendKind | 'unknown'; readonly url: string };
  readonly waited: Nanos;
  readonly command: string;
}

/** Why there is no trace of a request that succeeded, and at most two ways to get one. */
export function noTraceError(found: NoTrace): ErrorReport {
  switch (found.prediction) {
    case 'untraced':
      return UNTRACED;
    case 're-rooted-unsampled':
      return nothingToWaitFor(found);
    default:
      return notFound(found);
  }
}

/** Another source has proved it, and says how in its own lines. */
const UNTRACED: ErrorReport = {
  code: ExitCode.traceNotFound,
  reason: 'TraceNotSampled',
  message: 'the request succeeded, but the API server does not trace',
  hint: 'give --wait 30s on the command line to wait for spans of other servers',
};

function nothingToWaitFor(found: NoTrace): ErrorReport {
  const { backend, evidence } = found;
  const searches =
    evidence === null
      ? ''
      : ` (${counted(evidence.count, 'trace')} in ${evidence.searches === 2 ? 'two searches' : counted(evidence.searches, 'search', 'searches')} during ${formatDuration(evidence.tookNanos)})`;
  const remedies = acceptsContextByGroup(found)
    ? [
        `${withFlag(found.command, '--tracer-user NAME')}    a kubeconfig user in system:monitoring, acting as you; ${programName()} setup identity makes one`,
        "samplingRatePerMillion: 1000000    in the API server's --tracing-config-file, for a test cluster",
      ]
    : ["samplingRatePerMillion: 1000000    in the API server's --tracing-config-file, for a test cluster"];
  return {
    code: ExitCode.traceNotFound,
    reason: 'TraceNotSampled',
    message: 'the request succeeded, but no trace of it is expected',
    hint: 'give --wait 30s on the command line to wait anyway',
    details: [
      `  not accepted  ${notAccepted(found)}`,
      `  not sampled   so the server applies its own rate, and in the last hour ${backend.kind} has no request that it`,
      `                sampled on its own${searches}: either the rate is 0 or its spans do not reach ${backend.kind}`,
      'To see this request, one of:',
      ...remedies.map((remedy, index) => `  ${index + 1}. ${remedy}`),
    ],
  };
}

/** For a command that runs another one, the flag comes before that one. */
const withFlag = (command: string, flag: string): string =>
  command.includes(' -- ') ? command.replace(' -- ', ` ${flag} -- `) : `${command} ${flag}`;

const searchBehind = (kind: BackendKind | 'unknown'): Nanos => nanosFromMillis(searchLagMillis(kind));

const acceptsContextByGroup = ({ server }: NoTrace): boolean =>
  server.minor === null || server.minor >= FIRST_TRUSTING_MINOR;

function notAccepted({ server }: NoTrace): string {
  const version = server.gitVersion ?? 'this server';
  if (server.minor !== null && server.minor < FIRST_TRUSTING_MINOR) {
    return `${version} accepts no client's trace ID (1.${FIRST_TRUSTING_MINOR} and later do)`;
  }
  const who =
    server.identity === null ? '' : `; you are "${server.identity.username}" in ${server.identity.groups.join(', ')}`;
  return `${version} accepts the trace ID of ${TRUSTED_GROUPS.join(' and ')} only${who}`;
}

function notFound(found: NoTrace): ErrorReport {
  const { backend, waited, traceID, server } = found;
  const accepted = acceptsContext({ serverMinor: server.minor, groups: server.identity?.groups ?? null });
  const details =
    accepted === false
      ? [`  the server does not accept the trace ID: ${notAccepted(found)}; searched by Audit-ID too`]
      : [];
  const behind = searchBehind(backend.kind);
  if (accepted !== true && waited < EXPORT_INTERVAL_MILLIS * 1e6 + behind) {
    const name = backend.kind === 'unknown' ? 'the backend' : KINDS[backend.kind].name;
    details.push(`  the search of ${name} may be ${formatDuration(behind)} behind: the trace may still arrive`);
  }
  return {
    code: ExitCode.traceNotFound,
    reason: 'TraceNotFound',
    message: `the request succeeded, but its trace ${traceID} was not found in ${backend.kind} at ${backend.url} after ${formatDuration(waited)}`,
    hint: 'check that the API server runs with --tracing-config-file and exports to this backend; a longer --wait helps when the export is slow',
    details,
  };
}
