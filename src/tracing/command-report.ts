import { analyse, type Analysis } from '../analysis/analyse.ts';
import { assemble } from '../analysis/assemble/assemble.ts';
import type { FoundRequest } from '../analysis/assemble/found-request.ts';
import type { ClientMeasure, ClientTiming } from '../analysis/assemble/client-timing.ts';
import type { NamesByUID } from '../kube/api/flow-control.ts';
import { commandInContext } from '../pod/in-context.ts';
import { VERDICTS, type Report, type ReportVerdict, type RequestReport } from '../report/report.ts';
import { unreported } from '../analysis/timing/unreported.ts';
import type { Span } from '../trace/span.ts';
import { nanos } from '../trace/time.ts';
import type { TraceInput } from '../trace/trace.ts';
import { withNames } from './lookup/flow-control.ts';
import type { LookupResult } from './lookup/task.ts';
import { isReadBefore, shortReadBefore } from './source/metrics/reading-words.ts';

/** A command's requests with what was found of them, as one tree. `flags`: of the cluster, for commands to copy. */
export function commandReport(
  sent: readonly RequestReport[],
  clientSpans: readonly Span[],
  looked: LookupResult,
  { names = new Map(), flags = [] }: { readonly names?: NamesByUID; readonly flags?: readonly string[] } = {},
): Pick<Report, 'verdict' | 'requests' | 'backend' | 'analysis'> {
  const lookups = new Map(looked.requests.map((request) => [request.sent, request]));
  const requests = sent.map((request) => {
    const { report: lookup = null, webhooks = request.webhooks, flowControl } = lookups.get(request) ?? {};
    return { ...withNames(request, names), ...flowControl, lookup, ...(webhooks !== undefined && { webhooks }) };
  });
  return {
    verdict: worstVerdict(looked.requests.filter(({ awaited }) => awaited).map(({ report }) => report.verdict)),
    requests,
    backend: looked.backend,
    analysis: addressed(analysisOf(requests, clientSpans, looked), flags),
  };
}

function addressed(analysis: Analysis | null, flags: readonly string[]): Analysis | null {
  if (analysis === null || flags.length === 0) return analysis;
  const findings = analysis.findings.map((finding) => ({
    ...finding,
    command: finding.command === null ? null : commandInContext(finding.command, flags),
  }));
  return { ...analysis, findings };
}

function analysisOf(
  sent: readonly RequestReport[],
  clientSpans: readonly Span[],
  looked: LookupResult,
): Analysis | null {
  const spans = new Map(clientSpans.map((span) => [span.spanID, span]));
  const timings: ClientTiming[] = [];
  for (const request of sent) {
    const span = spans.get(request.spanID);
    if (span !== undefined) timings.push(timingOf(request, span));
  }
  const found = looked.requests.flatMap(
    ({ sent: { spanID }, server, authentication, found: all, measured, plugins }): FoundRequest[] => {
      const client = spans.get(spanID);
      return client === undefined ? [] : [{ client, server, authentication, found: all, measured, plugins }];
    },
  );
  const trace = assemble(clientSpans, timings, found, readingBefore(clientSpans, looked));
  if (trace === undefined) return null;
  const webhooks = sent.flatMap((request) => request.webhooks ?? []);
  return analyse(trace, { requests: sent, webhooks });
}

function timingOf(
  { phases, responseBytes, status, openNanos: open = null, ...rest }: RequestReport,
  span: Span,
): ClientTiming {
  const { dnsNanos: dns, connectNanos: connect, tlsNanos: tls, receiveNanos: receive } = phases;
  const measured = measureOf(rest);
  return { span, dns, connect, tls, receive, responseBytes, hasResponse: status !== null, measured, open };
}

const NONE = nanos(0);

function measureOf({
  clientPhases,
  roundTripNanos,
  receivedNanos,
  tlsEnd,
}: Pick<RequestReport, 'clientPhases' | 'roundTripNanos' | 'receivedNanos' | 'tlsEnd'>): ClientMeasure | undefined {
  if (clientPhases == null) return undefined;
  return {
    dns: clientPhases.dnsNanos ?? NONE,
    connect: clientPhases.connectNanos ?? NONE,
    tls: clientPhases.tlsNanos ?? NONE,
    send: clientPhases.sendNanos ?? NONE,
    wait: clientPhases.waitNanos ?? NONE,
    receive: clientPhases.receiveNanos ?? NONE,
    roundTrip: roundTripNanos ?? null,
    tenths: receivedNanos ?? null,
    tlsEnd: tlsEnd ?? null,
  };
}

/** The reading that came before the first request of a command that was reported before. */
export const readBeforeOf = ({ analysis }: Pick<Report, 'analysis'>): LookupResult['readBefore'] =>
  analysis?.trace.spans.find(({ source, span: { name } }) => source === 'client' && isReadBefore(name))?.span;

/** The row of a reading that came before the command's first request. */
function readingBefore([command]: readonly Span[], { readBefore }: LookupResult): readonly TraceInput[] {
  if (readBefore === undefined || command === undefined) return [];
  const { name, start, end } = readBefore;
  const row = { parent: command, key: 'metrics before', name, short: shortReadBefore(name), start, end };
  return [unreported({ ...row, component: 'client', source: 'client' })];
}

/** The worst of the verdicts of a command's requests; null without any. */
function worstVerdict(verdicts: readonly ReportVerdict[]): ReportVerdict | null {
  if (verdicts.length === 0) return null;
  const rank = (verdict: ReportVerdict): number => (verdict === 'skipped' ? -1 : VERDICTS.indexOf(verdict));
  return verdicts.reduce((worst, verdict) => (rank(verdict) > rank(worst) ? verdict : worst));
}
