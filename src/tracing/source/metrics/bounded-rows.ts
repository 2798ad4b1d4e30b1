import { unreported } from '../../../analysis/timing/unreported.ts';
import type { Component } from '../../../analysis/timing/component.ts';
import { durationOf, type Exemplar } from '../../../codec/metrics/exemplars.ts';
import type { RequestReport } from '../../../report/report.ts';
import type { Span } from '../../../trace/span.ts';
import { after, type EpochNanos } from '../../../trace/time.ts';
import type { Precision, TraceInput } from '../../../trace/trace.ts';

/** Shorter gaps would only lengthen the tree. */
const MIN_NANOS = 10_000n;

const ADMIT = 'mutating admission';
const VALIDATE = 'validating admission';
const CACHE = 'wait for the watch cache';
/** The authorizer's time of a request that it refused. */
export const REFUSED = 'authorization (length only)';

interface Known {
  /** When the body had been read; undefined for a request without one. */
  readonly body: EpochNanos | undefined;
  /** The authorizer's time, observed at the end of the request. */
  readonly authorization: Exemplar | undefined;
  /** When the handler was done; for a stream, when it was set up. */
  readonly executed: EpochNanos | undefined;
  /** False where the request begins with the first known stage. */
  readonly isExact: boolean;
  readonly request: RequestReport;
}

interface Gap {
  readonly name: string;
  readonly short: string;
  readonly start: EpochNanos;
  readonly end: EpochNanos;
  readonly precision: Precision;
  readonly component: Component;
}

/**
 * Rows of the time between stages, which no exemplar measures. A stage of several possible ones is never named alone, nor
 * one beside stages whose exemplars were replaced:
 *
 *     request          |---------------------------------------------------|
 *     stages               |audit|queue|authz|        |admit| |validate|
 *     authentication   |...|  at most
 *     read the body                          |..|
 *     decode                                    |.....|
 *     storage, encode, write                                           |...|
 *
 * A stream has its start in the place of the last one: how long it is open is its client's decision. A request that the
 * server does not count as its own has a handler, of which nothing is known.
 */
export function boundedRows(request: Span, stages: readonly Span[], known: Known): TraceInput[] {
  const sorted = stages.toSorted((one, other) => (one.start < other.start ? -1 : 1));
  return [...gapsOf(request, sorted, known), ...withoutPosition(request, sorted, known)];
}

function gapsOf(request: Span, stages: readonly Span[], known: Known): TraceInput[] {
  const gaps: (readonly Gap[])[] = [];
  let from: EpochNanos = request.start;
  for (const [index, stage] of stages.entries()) {
    if (stage.start > from) gaps.push(between(from, stage.start, stages[index - 1], stage, known));
    if (stage.end > from) from = stage.end;
  }
  if (request.end > from) gaps.push(between(from, request.end, stages.at(-1), undefined, known));
  return gaps
    .flat()
    .filter(({ start, end, precision }) => end - start >= (precision === 'at-most' ? 1n : MIN_NANOS))
    .map((gap, index): TraceInput => {
      const key = `metrics gap ${index}`;
      const { precision, ...row } = gap;
      return { ...unreported({ parent: request, key, source: 'gap', ...row }), source: 'metric', precision };
    });
}

/** Named by the stages before and after it; between two filters it is the API server's own time, without a row. */
function between(
  start: EpochNanos,
  end: EpochNanos,
  before: Span | undefined,
  next: Span | undefined,
  known: Known,
): Gap[] {
  const also = hiddenIn(before, next, known.request);
  const gap = (alone: string, component: Component, from = start, to = end): Gap => ({
    name: `${[...also, alone].join(', ')} (inferred)`,
    short: [...also, alone].join(', '),
    start: from,
    end: to,
    precision: 'inferred',
    component,
  });
  if (before === undefined && next !== undefined) {
    if (!known.isExact || next.name === 'authentication') return [];
    const name = 'authentication (at most)';
    return [{ name, short: name, start, end, precision: 'at-most', component: 'apiserver' }];
  }
  if (next?.name === ADMIT || (next?.name === VALIDATE && before?.name !== ADMIT)) {
    const { body, request } = known;
    const work = readsFirst(request) ? 'decode, read from storage' : 'decode, convert, default';
    const component = readsFirst(request) ? 'other' : 'apiserver';
    if (body === undefined || body <= start || body >= end) return [gap(work, component)];
    return [gap('read the body', 'apiserver', start, body), gap(work, component, body, end)];
  }
  if (next?.name === VALIDATE) return [gap('built-in validation', 'apiserver')];
  if (next?.name === CACHE) return [];
  if (next !== undefined) return [];
  if (before?.name === CACHE) return [gap('read from the cache, encode, write', 'apiserver')];
  return afterLast(start, end, known).map((one) => gap(...one));
}

type AfterLast = readonly [name: string, component: Component, from: EpochNanos, to: EpochNanos];

/** The time after the last stage that is known, to the end of the request. */
function afterLast(start: EpochNanos, end: EpochNanos, { request, executed, isExact }: Known): readonly AfterLast[] {
  if (request.status === 403) return [];
  if (request.openNanos != null) {
    return executed === undefined || executed <= start ? [] : [['start of the stream', 'apiserver', start, executed]];
  }
  if (request.resource === null) return [['handler', 'apiserver', start, end]];
  return isExact ? [['storage, encode, write', 'other', start, end]] : [['handler', 'other', start, end]];
}

const FILTERS = new Set([
  'authentication',
  'audit',
  'impersonation',
  'constrainedimpersonation',
  'priorityandfairness',
]);

/** Stages that lie in the time before `next`, or before the end, where their exemplars were replaced or are hidden. */
function hiddenIn(before: Span | undefined, next: Span | undefined, request: RequestReport): string[] {
  const { resource, status, method } = request;
  if (resource === null || status === 401 || status === 403) return [];
  const last = before?.name;
  const isWrite = method !== 'GET' && status !== 404;
  return [
    ...(last === undefined ? ['authentication'] : []),
    ...(last === undefined || FILTERS.has(last) ? ['filters'] : []),
    ...(next === undefined && isWrite && last !== VALIDATE ? [last === ADMIT ? 'validation' : 'admission'] : []),
  ];
}

/** An update reads the stored object before it is admitted. */
const readsFirst = ({ method }: RequestReport): boolean =>
  method === 'PATCH' || method === 'PUT' || method === 'DELETE';

/** A filter that refuses the request never completes: only the authorizer's own time is known, and not when. */
function withoutPosition(request: Span, stages: readonly Span[], { authorization }: Known): TraceInput[] {
  if (authorization === undefined || stages.some(({ name }) => name === 'authorization')) return [];
  const last = stages.at(-1);
  const start = last === undefined || last.end > request.end ? request.start : last.end;
  const end = after(start, durationOf(authorization));
  const row = unreported({
    parent: request,
    key: 'metrics authorization',
    name: REFUSED,
    short: 'authorization',
    start,
    end: end > request.end ? request.end : end,
    component: 'apiserver',
    source: 'gap',
  });
  return [{ ...row, source: 'metric', precision: 'length-only' }];
}
