import { analyse, type Analysis } from '../analysis/analyse.ts';
import { subTrace } from '../analysis/assemble/sub-trace.ts';
import { nanos } from '../trace/time.ts';
import type { PlacedSpan } from '../trace/trace.ts';
import type { Report, RequestReport } from './report.ts';

/** The requests of `--repeat`, all of them the same; empty for a report of anything else. */
function repeatedRequests({ requests, command }: Report): readonly RequestReport[] {
  // A retry after a busy server's response is a request too, but not a repetition.
  if (!command.args.some((word) => /^--repeat(=|$)/.test(word))) return [];
  const sent = requests.filter(({ purpose }) => purpose === 'request');
  const [first] = sent;
  if (first === undefined || sent.length < 2 || first.method !== 'GET') return [];
  const isSame = ({ method, path, query }: RequestReport): boolean =>
    method === first.method && path === first.path && query === first.query;
  return sent.every(isSame) ? sent : [];
}

export const isRepeated = (report: Report): boolean => repeatedRequests(report).length > 0;

/** One request of several, with its span in the trace of all of them. */
interface SentAgain {
  readonly request: RequestReport;
  readonly client: PlacedSpan;
}

function repetitions(report: Report): readonly SentAgain[] {
  const requests = repeatedRequests(report);
  if (requests.length === 0 || report.analysis === null) return [];
  const spans = report.analysis.trace.spans.filter(({ source }) => source === 'client');
  const clients = new Map(spans.map((span) => [span.spanID, span]));
  return requests.flatMap((request): SentAgain[] => {
    const client = clients.get(request.spanID);
    return client === undefined ? [] : [{ request, client }];
  });
}

/** The requests that were sent again and have a span; empty for a report of anything else. */
export const requestsSent = (report: Report): readonly RequestReport[] =>
  repetitions(report).map(({ request }) => request);

const slowestOf = ([first, ...others]: readonly SentAgain[]): SentAgain | undefined =>
  others.reduce(
    (most, run) => (most === undefined || run.request.durationNanos > most.request.durationNanos ? run : most),
    first,
  );

export interface Run {
  readonly request: RequestReport;
  readonly analysis: Analysis;
}

const runOf = ({ trace }: Analysis, { request, client }: SentAgain): Run => ({
  request,
  analysis: analyse(subTrace(trace, client), { requests: [request] }),
});

/** Each request with what was found of it. */
export const runsOf = (report: Report): readonly Run[] =>
  report.analysis === null ? [] : repetitions(report).map((sent) => runOf(report.analysis as Analysis, sent));

/**
 * The report of the slowest request as if it had been the only one: the time between the requests is no part of any of
 * them. A report of anything else stays as it is.
 */
export function slowestAlone(report: Report): Report {
  const slowest = slowestOf(repetitions(report));
  if (slowest === undefined || report.analysis === null) return report;
  const { request, analysis } = runOf(report.analysis, slowest);
  const { document: _, ...rest } = report;
  return {
    ...rest,
    command: { ...report.command, durationNanos: request.durationNanos },
    requests: [request],
    backend: report.backend && { ...report.backend, traceURL: pageOf(request, report.backend.traceURL) },
    analysis,
  };
}

/** The address of the last request's trace; null where the slowest one is in another trace. */
const pageOf = ({ lookup }: RequestReport, traceURL: string | null): string | null =>
  traceURL !== null && lookup?.traceID != null && traceURL.includes(lookup.traceID) ? traceURL : null;

/** The trace of all requests, with what was concluded from the slowest of them: its critical path, times and findings. */
export function aboutSlowest(report: Report): Analysis | null {
  const whole = report.analysis;
  const slowest = slowestOf(repetitions(report));
  if (slowest === undefined || whole === null) return whole;
  const { client } = slowest;
  const { analysis } = runOf(whole, slowest);
  // Spans of a part of a trace are in the trace's order.
  const inWhole = ({ index }: PlacedSpan): PlacedSpan => whole.trace.spans[client.index + index] as PlacedSpan;
  return {
    ...analysis,
    trace: whole.trace,
    self: whole.self,
    component: whole.component,
    failed: whole.failed,
    criticalPath: analysis.criticalPath.map(({ span, from, to }) => ({
      span: inWhole(span),
      from: nanos(client.offset + from),
      to: nanos(client.offset + to),
    })),
    onCriticalPath: new Set([...analysis.onCriticalPath].map((index) => client.index + index)),
  };
}
