import { hasSettled, lastEndOf } from '../../analysis/completeness/settled.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import type { TraceBackend } from '../../backend/backend.ts';
import type { FinishedLookup, LookupJudgement, WantedRequest } from '../../backend/find/lookup.ts';
import { awaitTraces } from '../../backend/find/poll.ts';
import type { ShowInvocation } from './arguments.ts';
import { ExitCode } from '../../errors.ts';
import { escapeText } from '../../render/escape.ts';
import type { ErrorReport, Report } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import type { TraceID } from '../../trace/ids.ts';
import { after, nanosFromMillis } from '../../trace/time.ts';
import { backendFailure } from '../../tracing/lookup/errors.ts';
import type { OpenBackend } from '../../tracing/backend/choice.ts';
import { connectMillisIn, openChosen, quietMillisIn, waitIn } from '../../tracing/backend/choose.ts';
import type { LookupTask } from '../../tracing/lookup/task.ts';
import { showProgress } from '../../tracing/progress.ts';
import { spansReport } from '../../report/spans-report.ts';
import { programName } from '../../format/program-name.ts';

/** For a look that is not repeated. */
const ONE_LOOK = nanosFromMillis(10_000);

/** `show TRACE_ID`: looks until the trace is there, and has been quiet for as long as servers take to export. */
export async function showTrace(
  traceID: TraceID,
  { choice, clusterOf }: Pick<LookupTask, 'choice' | 'clusterOf'>,
  invocation: ShowInvocation,
  runtime: Runtime,
  version: string,
): Promise<Report> {
  const about = { traceID, args: invocation.args, version };
  const opened = await openChosen(choice, { purpose: 'stored', clusterOf }, runtime);
  if (opened.status === 'none') return nothing(about, null, opened.error ?? NO_BACKEND);
  try {
    return await lookIn(opened, about, invocation, runtime);
  } finally {
    await opened.close();
  }
}

async function lookIn(
  opened: OpenBackend,
  about: About,
  invocation: ShowInvocation,
  runtime: Runtime,
): Promise<Report> {
  const { backend } = opened;
  const { traceID } = about;
  const { clock } = runtime;
  const startedAt = clock.now();
  const wait = waitIn(backend, invocation.lookup);
  const progress = showProgress(runtime);
  const awaited = await awaitTraces<TraceJudgement, WantedRequest>({
    backend,
    clock,
    requests: [{ keys: { traceID }, answeredAt: startedAt, awaited: true }],
    judge: ({ spans, quietMillis }) => {
      const isQuiet = hasSettled(lastEndOf(spans), quietMillisIn(backend, quietMillis), clock.now());
      return { verdict: isQuiet || wait === 0 ? 'settled' : 'waiting', isQuiet };
    },
    deadline: after(startedAt, wait === 0 ? ONE_LOOK : wait),
    signal: runtime.interrupted,
    once: wait === 0,
    connectMillis: connectMillisIn(opened, invocation.lookup),
    onProgress: progress.show,
  });
  progress.clear();
  const [lookup] = awaited.lookups as [FinishedLookup<TraceJudgement>];
  const { found, end, spans, judgement, cut, waitedNanos } = lookup;
  if (cut !== undefined) runtime.err.write(`note: ${escapeText(cut)}\n`);
  if (found === null) {
    const error = end === 'interrupted' ? INTERRUPTED : problemOf(lookup, awaited.backendWorked, traceID, backend);
    return nothing(about, backend, error);
  }
  return spansReport({
    ...about,
    spans,
    verdict: cut === undefined ? verdictOf(judgement, wait) : 'partial',
    backend: { kind: backend.kind, url: backend.url, traceURL: backend.traceURL(traceID) },
    shown: { from: backend.kind, waitedNanos },
    error: end === 'interrupted' ? INTERRUPTED : null,
  });
}

interface TraceJudgement extends LookupJudgement {
  readonly isQuiet: boolean;
}

/** Who looks once has not waited for silence: whether there is more is not known, and nothing says that there is. */
function verdictOf(judgement: TraceJudgement | null, wait: number): Report['verdict'] {
  if (judgement?.isQuiet === true) return 'settled';
  return wait === 0 ? null : 'partial';
}

const NO_BACKEND: ErrorReport = {
  code: ExitCode.backendFailed,
  reason: 'NoBackend',
  message: 'no trace backend is configured',
  get hint() {
    return `give --backend jaeger=http://HOST:16686 or set KUBECTL_TRACE_BACKEND; ${programName()} serve provides one`;
  },
};

const INTERRUPTED: ErrorReport = {
  code: ExitCode.interrupted,
  reason: 'Interrupted',
  message: 'interrupted while looking up the trace',
  hint: null,
};

function problemOf(
  { end, problem, waitedNanos }: FinishedLookup<TraceJudgement>,
  backendWorked: boolean,
  traceID: TraceID,
  { kind, url }: TraceBackend,
): ErrorReport {
  if (problem !== null && (!backendWorked || end === 'failed')) {
    return backendFailure(problem);
  }
  return {
    code: ExitCode.traceNotFound,
    reason: 'TraceNotFound',
    message: `trace ${traceID} was not found in ${kind} at ${url} after ${formatDuration(waitedNanos)}`,
    hint: 'check that the backend retains traces for that long, and that the cluster exports to it',
  };
}

type About = Pick<Parameters<typeof spansReport>[0], 'traceID' | 'args' | 'version'>;

function nothing(about: About, backend: TraceBackend | null, error: ErrorReport): Report {
  return spansReport({
    ...about,
    spans: [],
    verdict: backend === null ? null : 'missing',
    backend: backend === null ? null : { kind: backend.kind, url: backend.url, traceURL: null },
    shown: { from: backend?.kind ?? '', waitedNanos: null },
    error,
  });
}
