import { judge, type Judgement } from '../analysis/completeness/judge.ts';
import type { ServerSpans } from '../analysis/completeness/server-spans.ts';
import type { Prediction } from '../analysis/prediction.ts';
import type { TraceBackend } from '../backend/backend.ts';
import type { AwaitedTraces, FinishedLookup, LookupJudgement, WantedRequest } from '../backend/lookup.ts';
import { awaitTraces } from '../backend/poll.ts';
import { openBackend } from '../backend/registry.ts';
import { ExitCode } from '../errors.ts';
import type { Exchange } from '../kube/exchange.ts';
import { userAgent } from '../kube/user-agent.ts';
import type { ErrorReport, LookupReport, Report } from '../render/report.ts';
import type { Runtime } from '../runtime.ts';
import type { Span } from '../trace/span.ts';
import { after, nanos } from '../trace/time.ts';
import { joinAuthentications } from './authentication.ts';
import { commandName } from './command-name.ts';
import { requestFacts } from './facts.ts';
import type { Finished } from './finish.ts';
import { lookupReport, SKIPPED } from './lookup-report.ts';
import { noTraceError } from './no-trace.ts';
import { watchPrediction, type Forecast } from './forecast.ts';
import { showProgress } from './progress.ts';

export interface LookedUpRequest {
  readonly exchange: Exchange;
  readonly server: ServerSpans | undefined;
  readonly authentication?: Span | undefined;
  readonly found: readonly Span[];
  readonly report: LookupReport;
}

/** What came of looking for the traces of a command's requests. */
export interface LookedUp {
  readonly requests: readonly LookedUpRequest[];
  readonly backend: Report['backend'];
  readonly serverVersion: string | null;
  readonly error: ErrorReport | null;
}

export interface Wanted extends WantedRequest {
  readonly exchange: Exchange;
}

/** What the completeness analysis says, and the one word that the poller needs. */
export interface TraceJudgement extends LookupJudgement {
  readonly analysis: Judgement;
}

/**
 * Looks for the trace of every request that was answered, and meanwhile learns whether there can be one:
 *
 *     polls       |-x--x----x--------x------ … until complete, settled, the deadline, or given up
 *     prediction  |--version--identity--evidence--(1 s)--evidence-- give up, if there is none twice
 */
export async function lookUp(finished: Finished, runtime: Runtime): Promise<LookedUp> {
  const { journal, spec, invocation, cluster } = finished;
  const agent = userAgent(finished.version, journal.traceID);
  const wanted = journal.exchanges.flatMap((exchange) => wantedRequest(exchange, agent));
  const nothing = { requests: [], backend: null, serverVersion: null, error: null };
  if (wanted.length === 0) return nothing;
  if (invocation.lookup.wait === 0) return { ...nothing, requests: wanted.map(skipped) };
  if (spec === undefined) return { ...nothing, error: NO_BACKEND };

  const { clock, fetch, random } = runtime;
  const backend = openBackend(spec, { fetch, random, clock });
  const giveUp = new AbortController();
  const forecast: Forecast = { server: null, prediction: null, evidence: null };
  const done = new AbortController();
  const predicting = watchPrediction(
    { cluster, backend, forecast, giveUp, explicit: invocation.lookup.waitIsExplicit, done: done.signal },
    runtime,
  );
  const progress = showProgress(runtime);
  const awaited = await awaitTraces<TraceJudgement, Wanted>({
    backend,
    clock,
    requests: wanted,
    judge: (sighting) => {
      const facts = requestFacts(sighting.request.exchange, forecast.server?.minor ?? null);
      if (facts === null) throw new Error('a request without an answer has no trace to judge');
      const analysis = judge(sighting.spans, facts, sighting.quietMillis);
      const [missing] = analysis.missing;
      return {
        verdict: analysis.verdict,
        analysis,
        ...(missing && { waitingFor: `${missing.service} ${missing.name}` }),
      };
    },
    deadline: after(journal.endedAt, invocation.lookup.wait),
    signal: runtime.interrupted,
    giveUp: giveUp.signal,
    onProgress: progress.show,
  });
  progress.clear();
  done.abort();
  await predicting;
  const authentications = await joinAuthentications(awaited.lookups, backend, runtime);
  return told(awaited, finished, backend, forecast, authentications);
}

function wantedRequest(exchange: Exchange, agent: string): Wanted[] {
  if (exchange.status === null) return [];
  const { context, request, startedAt, durationNanos } = exchange;
  return [
    {
      exchange,
      keys: {
        traceID: context.traceID,
        spanID: context.spanID,
        auditID: exchange.auditID,
        startedAt,
        fingerprint: { userAgent: agent, method: request.method, path: request.path },
      },
      answeredAt: after(startedAt, durationNanos),
      awaited: request.purpose === 'request',
    },
  ];
}

const skipped = ({ exchange }: Wanted): LookedUpRequest => ({
  exchange,
  server: undefined,
  found: [],
  report: SKIPPED,
});

const NO_BACKEND: ErrorReport = {
  code: ExitCode.backendFailed,
  reason: 'NoBackend',
  message: 'the request succeeded, but no trace backend is known to look for its trace in',
  hint: 'give --backend jaeger=http://HOST:16686, or set KUBECTL_TRACE_BACKEND; --wait 0 does not look',
};

function told(
  awaited: AwaitedTraces<TraceJudgement, Wanted>,
  { journal, invocation }: Finished,
  backend: TraceBackend,
  forecast: Forecast,
  authentications: ReadonlyMap<Exchange, Span>,
): LookedUp {
  const prediction: Prediction | null = forecast.prediction;
  const requests = awaited.lookups.map((lookup): LookedUpRequest => {
    const server = lookup.judgement?.analysis.server;
    return {
      exchange: lookup.request.exchange,
      server,
      authentication: authentications.get(lookup.request.exchange),
      found: lookup.spans,
      report: lookupReport(lookup, prediction),
    };
  });
  const main = awaited.lookups.filter(({ request }) => request.awaited);
  const foundID = main.findLast(({ found }) => found !== null)?.found?.traceID;
  return {
    requests,
    backend: {
      kind: backend.kind,
      url: backend.url,
      traceURL: foundID === undefined ? null : backend.traceURL(foundID),
    },
    serverVersion: forecast.server?.gitVersion ?? null,
    error: backendError(awaited) ?? missingError(main) ?? incompleteError(requests),
  };

  function missingError(lookups: readonly FinishedLookup<TraceJudgement, Wanted>[]): ErrorReport | null {
    const missing = lookups.find(({ found, end }) => found === null && end !== 'interrupted');
    if (missing === undefined) return null;
    return noTraceError({
      traceID: journal.traceID,
      server: forecast.server ?? { gitVersion: null, minor: null, identity: null },
      prediction: missing.end === 'given-up' ? 're-rooted-unsampled' : 'unknown',
      evidence: forecast.evidence,
      backend,
      waited: nanos(missing.waitedNanos),
      command: commandName(invocation),
    });
  }

  function incompleteError(all: readonly LookedUpRequest[]): ErrorReport | null {
    if (!invocation.lookup.requireComplete) return null;
    const incomplete = all.find(
      ({ exchange, report }) => exchange.request.purpose === 'request' && report.verdict !== 'complete',
    );
    if (incomplete === undefined) return null;
    const [reason] = incomplete.report.reasons;
    return {
      code: ExitCode.incomplete,
      reason: 'TraceIncomplete',
      message: `the trace is ${incomplete.report.verdict}, and --require-complete was given${reason === undefined ? '' : `: ${reason.message}`}`,
      hint: 'a longer --wait helps where spans are late',
    };
  }
}

/** The backend never worked, or ended the look-up of a request that was waited for. */
function backendError(awaited: AwaitedTraces<TraceJudgement, Wanted>): ErrorReport | null {
  const failed = awaited.lookups.find(
    ({ request, problem, found, end }) =>
      request.awaited &&
      problem !== null &&
      found === null &&
      end !== 'interrupted' &&
      (!awaited.backendWorked || end === 'failed'),
  );
  const problem = failed?.problem;
  if (problem === null || problem === undefined) return null;
  return {
    code: ExitCode.backendFailed,
    reason: problem.status === 'failed' ? problem.reason : 'BackendUnavailable',
    message: `the request succeeded, but ${problem.message}`,
    hint:
      (problem.status === 'failed' ? problem.hint : undefined) ??
      'is the address of --backend right? kubectl trace show last looks again once that works',
  };
}
