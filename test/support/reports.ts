import { analyse } from '../../src/analysis/analyse.ts';
import type { LookupReport, Report, RequestReport } from '../../src/report/report.ts';
import { nanos } from '../../src/trace/time.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { spanID, traceID } from './spans.ts';

export const foundLookup: LookupReport = {
  prediction: null,
  contextKept: true,
  traceID: traceID('a1'),
  foundBy: 'trace-id',
  servedBy: null,
  verdict: 'complete',
  expected: 11,
  received: 11,
  missing: [],
  reasons: [],
  polls: 3,
  waitedNanos: nanos(4.9e9),
};

export const missingLookup: LookupReport = {
  ...foundLookup,
  contextKept: null,
  traceID: null,
  foundBy: null,
  verdict: 'missing',
  expected: null,
  received: 0,
  waitedNanos: nanos(30e9),
};

/** A successful `GET /api/v1/nodes`, whose trace was found. */
export const nodesRequest: RequestReport = {
  purpose: 'request',
  spanID: spanID('c1'),
  auditID: '00000000-0000-00a1-0000-0000000000c1',
  method: 'GET',
  path: '/api/v1/nodes',
  query: '',
  group: '',
  version: 'v1',
  resource: 'nodes',
  subresource: null,
  namespace: null,
  name: null,
  startOffsetNanos: nanos(0),
  durationNanos: nanos(9_090_000),
  phases: {
    dnsNanos: null,
    connectNanos: nanos(210_000),
    tlsNanos: nanos(4_940_000),
    sendNanos: nanos(10_000),
    waitNanos: nanos(3_700_000),
    receiveNanos: nanos(230_000),
  },
  connectionReused: false,
  status: 200,
  requestBytes: 0,
  responseBytes: 3482,
  flowSchema: null,
  priorityLevel: null,
  warnings: [],
  error: null,
  objectCount: 1,
  lookup: foundLookup,
};

export interface ReportParts {
  readonly requests?: readonly RequestReport[];
  readonly traceURL?: string | null;
}

export function reportOf(
  trace: Trace | undefined,
  { requests = [nodesRequest], traceURL = null }: ReportParts = {},
): Report {
  return {
    toolVersion: '0.1.0',
    exitCode: 0,
    cluster: { context: 'admin', server: 'https://127.0.0.1:6443', version: 'v1.37.2' },
    command: {
      verb: 'get',
      args: ['get', 'nodes'],
      traceID: traceID('a1'),
      spanID: spanID('c0'),
      startTime: trace?.startedAt ?? null,
      durationNanos: trace?.duration ?? null,
    },
    verdict: 'complete',
    requests,
    backend: { kind: 'jaeger', url: 'http://127.0.0.1:16686', traceURL },
    analysis: trace === undefined ? null : analyse(trace),
    error: null,
  };
}
