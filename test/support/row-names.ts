import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Exemplar } from '../../src/codec/metrics/exemplars.ts';
import type { RequestReport } from '../../src/report/report.ts';
import { epochNanos, nanos } from '../../src/trace/time.ts';
import { auditRows } from '../../src/tracing/source/audit/rows.ts';
import { boundedRows } from '../../src/tracing/source/metrics/bounded-rows.ts';
import { METRIC_NAMES, stageOf } from '../../src/tracing/source/metrics/stages.ts';
import { readRecorded } from '../lab/metrics/fixture.ts';
import { rowsOfMetrics } from '../lab/metrics/rows.ts';
import { nodesRequest } from './reports.ts';
import { span, spanID, traceID } from './spans.ts';

const fixtures = new URL('../fixtures/', import.meta.url);
/** Folders whose JSON has spans of real servers. */
const FOLDERS = ['jaeger', 'pods', 'recorded', 'streams', 'tempo', 'victoriatraces'];

/** Names of the spans that real servers have recorded, by service. */
export function recordedSpanNames(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const folder of FOLDERS) {
    for (const path of readdirSync(new URL(`${folder}/`, fixtures), { recursive: true, encoding: 'utf8' })) {
      if (!/\.json(?:\.gz)?$/.test(path)) continue;
      const bytes = readFileSync(new URL(`${folder}/${path}`, fixtures));
      collect(JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()), found);
    }
  }
  return found;
}

interface OTLPResource {
  readonly resource?: { readonly attributes?: readonly { key: string; value: { stringValue?: string } }[] };
  readonly scopeSpans?: readonly { readonly spans?: readonly { readonly name?: string }[] }[];
}

interface JaegerTrace {
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
  readonly spans: readonly { readonly processID: string; readonly operationName: string }[];
}

/** Every span of OTLP or Jaeger in a document, without the decoders that are tested. */
function collect(value: unknown, found: Map<string, Set<string>>): void {
  if (typeof value !== 'object' || value === null) return;
  const add = (service: string, name: string): void => {
    found.set(service, (found.get(service) ?? new Set()).add(name));
  };
  const { resourceSpans, batches } = value as Readonly<Record<string, readonly OTLPResource[] | undefined>>;
  for (const { resource, scopeSpans = [] } of resourceSpans ?? batches ?? []) {
    const service = resource?.attributes?.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    for (const { spans = [] } of scopeSpans) for (const { name = '' } of spans) add(service, name);
  }
  if ('processes' in value && 'spans' in value) {
    const { processes, spans } = value as JaegerTrace;
    for (const { processID, operationName } of spans) add(processes[processID]?.serviceName ?? '', operationName);
  }
  for (const child of Object.values(value)) collect(child, found);
}

/** Names of the stages that the code makes of each metric, with labels as a server has them. */
export function stageNames(): ReadonlySet<string> {
  const labels = { filter: 'audit', priority_level: 'global-default', verb: 'POST', host: '10.0.0.1:443', policy: 'p' };
  const names = METRIC_NAMES.flatMap((metric) =>
    [
      { type: 'admit', name: 'slow.example.com' },
      { type: 'validate', name: 'slow.example.com' },
    ].flatMap(
      (more) =>
        stageOf({ metric, labels: { ...labels, ...more } } as Pick<Exemplar, 'metric' | 'labels'> as Exemplar)?.name ??
        [],
    ),
  );
  // The label of this metric is a plug-in's name: recordedMetricNames has the real ones.
  return new Set(names.filter((name) => name !== 'slow.example.com'));
}

/** Names of the rows that recorded metrics of real servers have become. */
export const recordedMetricNames = (): ReadonlySet<string> =>
  new Set(readRecorded().flatMap((recorded) => rowsOfMetrics(recorded.metrics, recorded).map(({ name }) => name)));

/** Stages in their order, each of which may be missing. */
const ORDER = ['audit', 'authorization', 'mutating admission', 'validating admission', 'wait for the watch cache'];
const REQUESTS: readonly Partial<RequestReport>[] = [
  {},
  { method: 'POST', status: 201 },
  { method: 'PATCH' },
  { status: 404 },
  { status: 403 },
  { resource: null },
  { openNanos: nanos(1000) },
];

/** Names of the time between stages, for each set of known stages and each kind of request. */
export function gapNames(): ReadonlySet<string> {
  const found = new Set<string>();
  const at = (place: number) => epochNanos(BigInt(place * 1_000_000));
  for (let known = 0; known < 2 ** ORDER.length; known++) {
    const stages = ORDER.flatMap((name, index) =>
      (known & (2 ** index)) === 0 ? [] : [span({ name, start: at(index * 4 + 2), end: at(index * 4 + 4) })],
    );
    for (const request of REQUESTS) {
      for (const isExact of [true, false]) {
        const rows = boundedRows(span({ name: 'GET /', start: at(0), end: at(40) }), stages, {
          body: at(9),
          authorization: { metric: 'm', labels: {}, value: 0.001, time: at(39), spanID: spanID('1') },
          executed: at(30),
          isExact,
          request: { ...nodesRequest, ...request },
        });
        for (const row of rows) found.add(row.span.name);
      }
    }
  }
  return found;
}

/** Names of the rows of an audit event that has every layer. */
export function auditNames(): ReadonlySet<string> {
  const every = new Map<string, ReturnType<typeof nanos>>();
  every.get = () => nanos(1000);
  const event = { auditID: 'c6', received: epochNanos(0n), ended: epochNanos(1_000_000n), mutating: ['a.b'] };
  const rows = [every, new Map()].flatMap((latencies) =>
    auditRows({ ...event, latencies }, nodesRequest, traceID('a1')).map(({ span: { name } }) => name),
  );
  return new Set(rows);
}
