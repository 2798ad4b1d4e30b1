import { judge } from '../../analysis/completeness/judge.ts';
import type { TraceBackend } from '../../backend/backend.ts';
import type { AwaitedTraces, Observation } from '../../backend/find/lookup.ts';
import { awaitTraces } from '../../backend/find/poll.ts';
import type { RequestReport } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import { after, epochNanos, nanos } from '../../trace/time.ts';
import { admittedBy } from './admission.ts';
import { isKnownType } from './definitions.ts';
import { joinAuthentications } from './authentication.ts';
import type { OpenBackend } from '../backend/choice.ts';
import { connectMillisIn, quietMillisIn, waitIn } from '../backend/choose.ts';
import { openUnlessUntraced } from './open-backend.ts';
import { requestExpectation } from './expectation.ts';
import { detailsSoFar, type ClusterDetails, type PredictionResult } from './prediction.ts';
import { lookupError, NO_BACKEND, ofRequest } from './errors.ts';
import { lookupReport, SKIPPED } from './report.ts';
import type { LookupResult, RequestLookup, LookupContext, LookupTask, TraceJudgement, Wanted } from './task.ts';
import { ownPart } from './own-spans.ts';
import { showProgress } from '../progress.ts';

/**
 * Looks for the trace of every request with a response, and meanwhile learns whether there can be one:
 *
 *     polls       |-x--x----x--------x------ … until complete, settled, the deadline, or given up
 *     prediction  |--version--identity--evidence--(1 s)--evidence-- … --evidence-- give up, if there is none
 *                                                      the backend must show our request by now ^
 */
export async function lookUp(task: LookupTask, runtime: Runtime): Promise<LookupResult> {
  const { flags } = task;
  const wanted = task.requests.filter(({ status }) => status !== null).map((sent) => wantedRequest(sent, task));
  const serverVersion = task.server?.gitVersion ?? null;
  const nothing = { requests: [], backend: null, serverVersion, error: null };
  if (wanted.length === 0) return nothing;
  if (flags.wait === 0) return { ...nothing, requests: wanted.map(skipped) };
  const opened = await openUnlessUntraced(task, runtime);
  if (opened.status === 'none') {
    return { ...nothing, error: opened.error === null ? NO_BACKEND : ofRequest(opened.error) };
  }
  try {
    return await lookUpIn(opened, wanted, task, runtime);
  } finally {
    await opened.close();
  }
}

/** The same, in a backend that is open. */
export async function lookUpIn(
  opened: Pick<OpenBackend, 'backend' | 'untried'>,
  wanted: readonly Wanted[],
  task: LookupTask,
  runtime: Runtime,
): Promise<LookupResult> {
  const { backend } = opened;
  const { clock } = runtime;
  const giveUp = new AbortController();
  const done = new AbortController();
  const answeredAt = epochNanos(wanted.reduce((last, { answeredAt: at }) => (at > last ? at : last), 0n));
  let isUntraced = false;
  const endEarly = (isProved: boolean): void => {
    isUntraced = isProved;
    if (isProved) giveUp.abort();
  };
  if (!task.flags.waitIsExplicit) void task.untraced?.then(endEarly);
  const running = task.predict?.({ backend, answeredAt, giveUp, done: done.signal });
  const details = detailsSoFar(running, task.server);
  const progress = showProgress(runtime);
  const awaited = await awaitTraces<TraceJudgement, Wanted>({
    backend,
    clock,
    requests: wanted,
    judge: (observation) => {
      const judged = judgement(observation, backend, task, details());
      // Spans of other servers are not waited for: nothing says when they are complete.
      return isUntraced && judged.analysis.server === undefined ? { ...judged, verdict: 'settled' } : judged;
    },
    deadline: after(task.deadline, nanos(waitIn(backend, task.flags) - task.flags.wait)),
    signal: runtime.interrupted,
    giveUp: giveUp.signal,
    connectMillis: connectMillisIn(opened, task.flags),
    onProgress: progress.show,
  });
  progress.clear();
  done.abort();
  const [result = NOT_PREDICTED] = await Promise.all([
    running?.result,
    running?.server,
    running?.admission,
    running?.types,
  ]);
  const authentications = await joinAuthentications(awaited.lookups, backend, runtime);
  return lookedUp(awaited, { task, backend, ...details(), ...result, authentications, isUntraced });
}

function wantedRequest(sent: RequestReport, { traceID, startedAt, userAgent, isAwaited }: LookupTask): Wanted {
  const start = after(startedAt, sent.startOffsetNanos);
  return {
    sent,
    keys: {
      traceID,
      spanID: sent.spanID,
      auditID: sent.auditID,
      startedAt: start,
      ...(userAgent !== null && { fingerprint: { userAgent, method: sent.method, path: sent.path } }),
    },
    answeredAt: after(start, sent.durationNanos),
    awaited: isAwaited(sent),
  };
}

const skipped = ({ sent, awaited }: Wanted): RequestLookup => ({
  sent,
  awaited,
  webhooks: sent.webhooks,
  server: undefined,
  found: [],
  report: SKIPPED,
});

function judgement(
  observation: Observation<Wanted>,
  backend: TraceBackend,
  task: LookupTask,
  { server, admission, types }: ClusterDetails,
): TraceJudgement {
  const { sent } = observation.request;
  const webhooks = admittedBy(sent, admission);
  const expectation = requestExpectation({ ...sent, webhooks }, task.traceID, {
    serverMinor: server?.minor ?? null,
    unconverted: isKnownType(sent, types),
  });
  if (expectation === null) throw new Error('a request without a response has no trace to judge');
  const quietMillis = quietMillisIn(backend, observation.quietMillis);
  const analysis = judge(observation.spans, expectation, task.past ? Infinity : quietMillis);
  const [missing] = analysis.missing;
  if (webhooks === null && admission === 'pending') {
    return { verdict: 'waiting', analysis, waitingFor: 'the admission webhooks' };
  }
  return {
    verdict: analysis.verdict,
    analysis,
    ...(missing && { waitingFor: `${missing.service} ${missing.name}` }),
  };
}

const NOT_PREDICTED: PredictionResult = { prediction: null, instances: null, evidence: null };

function lookedUp(awaited: AwaitedTraces<TraceJudgement, Wanted>, context: LookupContext): LookupResult {
  const { backend, authentications } = context;
  const own = ownPart(context.task);
  const requests = awaited.lookups.map((lookup): RequestLookup => {
    const { sent, awaited: wasAwaited } = lookup.request;
    const found = own(lookup.spans);
    return {
      sent,
      awaited: wasAwaited,
      webhooks: admittedBy(sent, context.admission),
      server: lookup.judgement?.analysis.server,
      authentication: authentications.get(sent),
      found,
      report: lookupReport(lookup, found, context),
    };
  });
  const found = awaited.lookups.findLast((lookup) => lookup.request.awaited && lookup.found !== null)?.found ?? null;
  return {
    requests,
    backend: {
      kind: backend.kind,
      url: backend.url,
      traceURL: found === null ? null : backend.traceURL(found.traceID),
    },
    serverVersion: context.server?.gitVersion ?? null,
    error: lookupError(awaited, requests, context),
  };
}
