import { analyse } from '../../src/analysis/analyse.ts';
import { assemble } from '../../src/analysis/assemble/assemble.ts';
import { serverSpans } from '../../src/analysis/completeness/server-spans.ts';
import type { LookupReport, Report, RequestReport } from '../../src/report/report.ts';
import type { Span } from '../../src/trace/span.ts';
import { between, nanos, type Nanos } from '../../src/trace/time.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { answeredAt, expectationOf, recordedStories, startedAt, type RecordedStory } from './recorded.ts';
import { span } from './spans.ts';

/** One story, by version and file: `recordedStory(37, 'masters-list')`. */
export function recordedStory(minor: number, name: string): RecordedStory {
  const story = recordedStories(minor).find(({ title }) => title === `1.${minor} ${name}`);
  if (story === undefined) throw new Error(`nothing is recorded of ${name} on 1.${minor}`);
  return story;
}

export interface Told {
  /** As a user would have typed it. */
  readonly command: string;
  readonly objectCount: number | null;
  /** False: the report of a trace that was not found. */
  readonly found: boolean;
}

/** The report of `kubectl trace` on a recorded request: its spans and times are real, the rest is made up. */
export function recordedReport(story: RecordedStory, { command, objectCount, found }: Told): Report {
  const { truth } = story;
  const expectation = expectationOf(story);
  const durationNanos = between(startedAt(story), answeredAt(story));
  const phases = phasesOf(truth.phases);
  const server = found ? serverSpans(story.spans, expectation) : undefined;
  const [path = '', query = ''] = truth.path.split('?');
  const traceID = server?.root.traceID ?? null;
  const lookup: LookupReport = {
    prediction: null,
    contextKept: server?.contextKept ?? null,
    traceID,
    foundBy: server === undefined ? null : server.contextKept ? 'trace-id' : 'audit-id',
    servedBy: null,
    verdict: server === undefined ? 'missing' : 'complete',
    expected: server === undefined ? null : server.spans.length,
    received: server?.spans.length ?? 0,
    missing: [],
    reasons: [],
    polls: 3,
    waitedNanos: nanos(server === undefined ? 30e9 : 4.9e9),
  };
  const request: RequestReport = {
    purpose: 'request',
    spanID: expectation.spanID,
    auditID: expectation.auditID,
    method: truth.method,
    path,
    query,
    group: expectation.group,
    version: expectation.resource === null ? null : 'v1',
    resource: expectation.resource,
    subresource: expectation.subresource,
    namespace: null,
    name: null,
    startOffsetNanos: nanos(0),
    durationNanos,
    phases,
    connectionReused: false,
    status: truth.status,
    requestBytes: truth.requestBytes,
    responseBytes: truth.responseBytes,
    ...flowControlOf(truth.context),
    warnings: [],
    error: null,
    objectCount,
    lookup,
  };
  return {
    toolVersion: '0.1.0',
    exitCode: found ? 0 : 3,
    cluster: { context: truth.context, server: 'https://127.0.0.1:6443', version: `v${truth.version}` },
    command: {
      verb: 'get',
      args: [],
      traceID: expectation.traceID,
      spanID: COMMAND,
      startTime: startedAt(story),
      durationNanos,
    },
    verdict: lookup.verdict,
    requests: [request],
    backend: {
      kind: 'jaeger',
      url: 'http://127.0.0.1:16686',
      traceURL: traceID === null ? null : `http://127.0.0.1:16686/trace/${traceID}`,
    },
    analysis: analyse(assembled(story, command, server === undefined ? [] : story.spans, phases), {
      requests: [request],
    }),
    error: null,
  };
}

/** As every cluster has it from the beginning. */
function flowControlOf(context: string): Pick<RequestReport, 'flowSchema' | 'priorityLevel'> {
  const name = context === 'masters' ? 'exempt' : 'global-default';
  return { flowSchema: name, priorityLevel: name };
}

const COMMAND = span({ id: 'c0' }).spanID;

function phasesOf(phases: RecordedStory['truth']['phases']): RequestReport['phases'] {
  const one = (name: string): Nanos | null => (phases[name] === undefined ? null : nanos(phases[name]));
  return {
    dnsNanos: one('dnsNanos'),
    connectNanos: one('connectNanos'),
    tlsNanos: one('tlsNanos'),
    sendNanos: one('sendNanos'),
    waitNanos: one('waitNanos'),
    receiveNanos: one('receiveNanos'),
  };
}

function assembled(
  story: RecordedStory,
  command: string,
  found: readonly Span[],
  phases: RequestReport['phases'],
): Trace {
  const { truth } = story;
  const times = { start: startedAt(story), end: answeredAt(story) };
  const parts = { trace: truth.traceID, service: 'kubectl-trace', ...times };
  const root = span({ ...parts, id: COMMAND, name: command });
  const client = span({
    ...parts,
    id: truth.spanID,
    parent: COMMAND,
    kind: 'client',
    name: truth.method,
    attributes: {
      'http.request.method': truth.method,
      'http.response.status_code': truth.status,
      'url.full': `https://127.0.0.1:6443${truth.path}`,
    },
  });
  const timing = {
    span: client,
    dns: phases.dnsNanos,
    connect: phases.connectNanos,
    tls: phases.tlsNanos,
    receive: phases.receiveNanos,
    responseBytes: truth.responseBytes,
    hasResponse: true,
  };
  const trace = assemble(
    [root, client],
    [timing],
    found.length === 0 ? [] : [{ client, server: serverSpans(found, expectationOf(story)), found }],
  );
  if (trace === undefined) throw new Error('no trace');
  return trace;
}
